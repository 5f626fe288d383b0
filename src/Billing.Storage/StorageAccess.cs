using System.Collections.Immutable;
using System.Data.Common;
using Azure.Core.Pipeline;

namespace Billing.Storage;

/// <summary>How requests to an account's tables prove who sends them.</summary>
/// <param name="Tables">Address of the tables.</param>
/// <param name="Query">What every address ends with; empty unless access is by a shared signature.</param>
/// <param name="Policies">What signs a request.</param>
internal sealed record StorageAccess(Uri Tables, string Query, ImmutableArray<HttpPipelinePolicy> Policies)
{
    // Everybody's: learn.microsoft.com, "Use the Azurite emulator".
    private const string EmulatorAccount = "devstoreaccount1";
    private const string EmulatorKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly string[] Scopes = ["https://storage.azure.com/.default"];

    /// <param name="tables">The address that the SDK has found for the same options.</param>
    public static StorageAccess Of(StorageOptions options, Uri tables)
    {
        var address = new Uri(tables.GetLeftPart(UriPartial.Path));
        if (options.ConnectionString is not { } secret)
        {
            return new StorageAccess(address, "", [new BearerTokenAuthenticationPolicy(new StorageIdentity(options.Credential!), Scopes)]);
        }

        var parts = new DbConnectionStringBuilder { ConnectionString = secret };
        if (parts.TryGetValue("SharedAccessSignature", out var signature))
        {
            return new StorageAccess(address, "?" + ((string)signature).TrimStart('?'), []);
        }

        var named = parts.TryGetValue("AccountKey", out var key);
        var account = parts.TryGetValue("AccountName", out var name) ? (string)name : EmulatorAccount;
        return new StorageAccess(address, "", [new SharedKeyPolicy(account, Convert.FromBase64String(named ? (string)key! : EmulatorKey))]);
    }
}
