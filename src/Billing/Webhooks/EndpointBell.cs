namespace Billing.Webhooks;

/// <summary>A message that says: look what is due at this endpoint. <c>we_…</c>, or <c>we_…|token</c>.</summary>
/// <param name="WorkspaceId">The endpoint's workspace.</param>
/// <param name="Key">The endpoint's <see cref="WebhookEndpoint.Key"/>.</param>
/// <param name="Token">The lane's token when the bell was rung, if the lane was held then: still the same means that its holder is dead.</param>
internal sealed record EndpointBell(string WorkspaceId, string Key, string? Token)
{
    public string EndpointId => Ids.Of("we", WorkspaceId, Key);

    public static EndpointBell? Parse(string message)
    {
        var parts = message.Split('|');
        return parts.Length <= 2 && Ids.TryParse("we", parts[0], out var workspaceId, out var key)
            ? new EndpointBell(workspaceId, key, parts.ElementAtOrDefault(1))
            : null;
    }

    public string ToText() => Token is null ? EndpointId : $"{EndpointId}|{Token}";
}
