using Billing.Subscriptions;

namespace Billing.Simulation.Clients;

/// <summary>What a workspace's clients know of it: what they were answered.</summary>
internal sealed class Customer(OpenWorkspace opening)
{
    public OpenWorkspace Opening => opening;

    public string WorkspaceId => opening.WorkspaceId;

    public string Product => opening.Product;

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
