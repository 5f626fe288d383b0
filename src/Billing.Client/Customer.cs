namespace Billing.Client;

/// <summary>The customer that a call is for. A string stands for its API key.</summary>
public sealed class Customer
{
    private Customer()
    {
    }

    internal string? Key { get; private init; }

    internal string? WorkspaceId { get; private init; }

    internal bool TestMode { get; private init; }

    /// <summary>By the API key that it sent.</summary>
    public static Customer OfKey(string apiKey)
    {
        ArgumentNullException.ThrowIfNull(apiKey);
        return new Customer { Key = apiKey };
    }

    /// <summary>By its workspace, where the service has a sign-in of its own: no API key is needed, and the call is about that workspace alone.</summary>
    /// <param name="workspaceId"><c>ws_…</c></param>
    /// <param name="testMode">What a test key would be: the same checks, and nothing is charged.</param>
    public static Customer OfWorkspace(string workspaceId, bool testMode = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(workspaceId);
        return new Customer { WorkspaceId = workspaceId, TestMode = testMode };
    }

    /// <summary>The customer with this API key.</summary>
    public static implicit operator Customer(string apiKey) => OfKey(apiKey);
}
