namespace Billing.Events;

/// <summary><c>dlv_…</c>: the workspace, the endpoint's key, the event's number.</summary>
public readonly record struct DeliveryId(string WorkspaceId, string EndpointKey, long Sequence)
{
    private static readonly int NumberLength = Ids.TextOf(0).Length;

    public static DeliveryId Of(string endpointId, long sequence)
    {
        Ids.TryParse("we", endpointId, out var workspaceId, out var key);
        return new DeliveryId(workspaceId, key, sequence);
    }

    /// <summary>Reads an id; null when it cannot be one.</summary>
    public static DeliveryId? Parse(string text) =>
        Ids.TryParse("dlv", text, out var workspaceId, out var key) && key.Length > NumberLength && Ids.NumberOf(key[^NumberLength..]) is { } sequence
            ? new DeliveryId(workspaceId, key[..^NumberLength], sequence)
            : null;

    public override string ToString() => Ids.Of("dlv", WorkspaceId, EndpointKey + Ids.TextOf(Sequence));
}
