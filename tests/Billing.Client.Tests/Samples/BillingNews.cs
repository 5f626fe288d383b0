using Billing.Client;

namespace Sample;

/// <summary>Takes deliveries of the backend's webhooks; <c>new WebhookVerifier("whsec_…")</c> has the endpoint's secret.</summary>
public sealed class BillingNews(WebhookVerifier verifier, Action<string> tell)
{
    /// <returns>The status to answer.</returns>
    public int Take(ReadOnlyMemory<byte> body, Func<string, string?> header)
    {
        if (verifier.Verify(body, header) is not WebhookVerdict.Accepted { Event: var news })
        {
            return 401;
        }

        switch (news)
        {
            case CreditsLowEvent low:
                tell($"{low.ExternalId ?? low.WorkspaceId} has {low.Credits} credits left.");
                break;
            case SubscriptionPausedEvent paused:
                tell($"{paused.ExternalId ?? paused.WorkspaceId} has not paid {paused.Reference}.");
                break;
        }

        return 204;
    }
}
