using Azure.Core;
using Azure.Core.Pipeline;

namespace Billing.Storage;

/// <summary>Which storage account, and how to talk to it. Either a connection string, or an account's name and who we are.</summary>
public sealed record StorageOptions
{
    /// <summary>As AzureWebJobsStorage takes it; the emulator's, or one with a key.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>The account's name, for an identity instead of a key.</summary>
    public string? AccountName { get; init; }

    /// <summary>The identity that goes with <see cref="AccountName"/>.</summary>
    public TokenCredential? Credential { get; init; }

    /// <summary>Put before each table's name, so that tests on one emulator keep apart. Letters and digits.</summary>
    public string TablePrefix { get; init; } = "";

    /// <summary>Put before each queue's name. Lower-case letters, digits and single dashes.</summary>
    public string QueuePrefix { get; init; } = "";

    /// <summary>Run just before each request is sent, inside the time-out: where tests inject faults.</summary>
    public IReadOnlyList<HttpPipelinePolicy> Policies { get; init; } = [];

    /// <summary>How long one request may take before its outcome counts as unknown. The SDK's own 100 s would hold a workspace that long.</summary>
    public TimeSpan NetworkTimeout { get; init; } = TimeSpan.FromSeconds(3);
}
