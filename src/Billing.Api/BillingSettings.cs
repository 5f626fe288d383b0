using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Billing.Api;

/// <summary>What a deployment configures, read and checked once at start-up.</summary>
public sealed record BillingSettings
{
    /// <summary>Keys of the seller's generation service: <c>Billing:ServiceKeys:0</c> …</summary>
    public required ImmutableArray<string> ServiceKeys { get; init; }

    /// <summary>Keys of the seller's operators: <c>Billing:OperatorKeys:0</c> …</summary>
    public required ImmutableArray<string> OperatorKeys { get; init; }

    /// <summary>Signs sessions and quotes: <c>Billing:SigningKey</c>; without it, it is made from the first operator key, so that all instances have the same.</summary>
    public required byte[] SigningKey { get; init; }

    /// <summary>A folder of catalog files that takes the place of the shipped ones: <c>Billing:Catalogs</c>.</summary>
    public string? CatalogFolder { get; init; }

    /// <summary>Where the development clock stands still: <c>Billing:TestClock</c>.</summary>
    public DateTimeOffset? TestClock { get; init; }

    /// <summary>Storage by connection string (development): <c>AzureWebJobsStorage</c>.</summary>
    public string? StorageConnection { get; init; }

    /// <summary>Storage by identity: <c>AzureWebJobsStorage:accountName</c>.</summary>
    public string? StorageAccount { get; init; }

    /// <summary>Put before each table's name, so that several backends share a storage account: <c>Billing:TablePrefix</c>. Letters and digits.</summary>
    public string TablePrefix { get; init; } = "";

    /// <summary>Put before each queue's name: <c>Billing:QueuePrefix</c>. Lower-case letters, digits and single dashes.</summary>
    public string QueuePrefix { get; init; } = "";

    /// <summary>True on a developer's machine.</summary>
    public required bool Development { get; init; }

    /// <summary>Reads and checks the configuration.</summary>
    /// <exception cref="InvalidOperationException">Something is missing or wrong; the message says what to set.</exception>
    public static BillingSettings Read(IConfiguration configuration, bool development)
    {
        var serviceKeys = Keys(configuration, "Billing:ServiceKeys", development ? "dev-service-key" : null);
        var operatorKeys = Keys(configuration, "Billing:OperatorKeys", development ? "dev-operator-key" : null);
        if (serviceKeys.Intersect(operatorKeys).Any())
        {
            throw new InvalidOperationException("A service key must not be an operator key, too.");
        }

        return new BillingSettings
        {
            ServiceKeys = serviceKeys,
            OperatorKeys = operatorKeys,
            SigningKey = Encoding.UTF8.GetBytes(configuration["Billing:SigningKey"] is { Length: > 0 } key ? key : Derived(operatorKeys[0])),
            CatalogFolder = configuration["Billing:Catalogs"] is { Length: > 0 } folder ? folder : null,
            TestClock = Clock(configuration["Billing:TestClock"], development),
            StorageConnection = configuration["AzureWebJobsStorage"] ?? (development && configuration["AzureWebJobsStorage:accountName"] is null ? "UseDevelopmentStorage=true" : null),
            StorageAccount = configuration["AzureWebJobsStorage:accountName"],
            TablePrefix = configuration["Billing:TablePrefix"] ?? "",
            QueuePrefix = configuration["Billing:QueuePrefix"] ?? "",
            Development = development,
        };
    }

    private static ImmutableArray<string> Keys(IConfiguration configuration, string name, string? otherwise)
    {
        var keys = configuration.GetSection(name).GetChildren().Select(child => child.Value).OfType<string>().Where(value => value.Length > 0).ToImmutableArray();
        return !keys.IsEmpty ? keys
            : otherwise is not null ? [otherwise]
            : throw new InvalidOperationException($"Set {name.Replace(":", "__", StringComparison.Ordinal)}__0: outside development there is no default.");
    }

    private static string Derived(string operatorKey) =>
        Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(operatorKey), 32, info: Encoding.UTF8.GetBytes("signing key")));

    private static DateTimeOffset? Clock(string? text, bool development)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return !development ? throw new InvalidOperationException("Billing__TestClock is for development only.")
            : Instants.TryParse(text, out var at) ? at
            : throw new InvalidOperationException("Billing__TestClock must be an RFC 3339 time such as 2025-11-01T00:00:00Z.");
    }
}
