using Billing.Subscriptions;

namespace Billing.Simulation.Clients;

/// <summary>What a workspace's clients know of it: what they were answered.</summary>
internal sealed class Customer(OpenWorkspace opening)
{
    /// <summary>What was opened. Its id is the one that was asked for, or else the one that was answered.</summary>
    public OpenWorkspace Opening { get; set; } = opening;

    public string WorkspaceId => Opening.WorkspaceId;

    public string Product => Opening.Product;

    /// <summary>The account over HTTP.</summary>
    public string AccountId { get; set; } = "";

    /// <summary>The API keys in use, live (false) and test (true).</summary>
    public Dictionary<bool, WebKey> Keys { get; } = [];

    /// <summary>API keys that were revoked.</summary>
    public List<(WebKey Key, bool Test)> FormerKeys { get; } = [];

    /// <summary>Generations that were admitted, and how many units each has.</summary>
    public List<(string Id, long Units)> Generations { get; } = [];

    /// <summary>Those of them that nobody has settled yet, as far as is known.</summary>
    public List<(string Id, long Units)> Running { get; } = [];

    /// <summary>Top-ups by payment reference.</summary>
    public List<string> References { get; } = [];

    /// <summary>Payments for the subscription by reference.</summary>
    public List<string> Payments { get; } = [];

    /// <summary>Refunds that were asked for.</summary>
    public List<string> Refunds { get; } = [];

    /// <summary>Webhook endpoints that were created.</summary>
    public List<string> Endpoints { get; } = [];
}

/// <summary>An API key.</summary>
internal sealed record WebKey(string Id, string Text)
{
    /// <summary>The key that was just made.</summary>
    public static WebKey Of(Instances.WebAnswer made) => new(made.Text("id"), made.Text("key"));
}
