using System.Text.Json.Nodes;

namespace Billing.Client;

/// <summary>The customer that a call is for. A string stands for its API key.</summary>
public sealed class Customer
{
    private Customer()
    {
    }

    internal string? Key { get; private init; }

    internal string? WorkspaceId { get; private init; }

    internal string? ExternalId { get; private init; }

    internal string? Product { get; private init; }

    internal bool TestMode { get; private init; }

    internal NewCustomer? Create { get; private init; }

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

    /// <summary>By the id that it has in the seller's own system: no API key is needed, and the call is about that account's own workspace.</summary>
    /// <param name="externalId">Any text.</param>
    /// <param name="product">Of which product, where several know the id.</param>
    /// <param name="testMode">What a test key would be: the same checks, and nothing is charged.</param>
    public static Customer OfExternalId(string externalId, string? product = null, bool testMode = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(externalId);
        return new Customer { ExternalId = externalId, Product = product, TestMode = testMode };
    }

    /// <summary>The same; where the seller's id is not known yet, admitting opens its account, once, however many admits come at once. Other calls do not.</summary>
    /// <exception cref="InvalidOperationException">The customer is not named by the seller's own id.</exception>
    public Customer OrCreate(NewCustomer account)
    {
        ArgumentNullException.ThrowIfNull(account);
        return ExternalId is null
            ? throw new InvalidOperationException("Only a customer that is named by the seller's own id can be created.")
            : new Customer { ExternalId = ExternalId, Product = Product, TestMode = TestMode, Create = account };
    }

    /// <summary>The customer with this API key.</summary>
    public static implicit operator Customer(string apiKey) => OfKey(apiKey);
}

/// <summary>An account to open at first sight.</summary>
/// <param name="Product">Which product it is a customer of.</param>
public sealed record NewCustomer(string Product)
{
    /// <summary>Without it, the seller's own id of it.</summary>
    public string? Name { get; init; }

    /// <summary>Where it is written to.</summary>
    public string? Email { get; init; }

    /// <summary>The product's default plan or a free one; null for the default.</summary>
    public string? Plan { get; init; }

    internal JsonObject ToBody() => new JsonObject { ["product"] = Product }.With("name", Name).With("email", Email).With("plan", Plan);
}
