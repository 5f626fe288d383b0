using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Catalogs;

namespace Billing.Webhooks;

/// <summary>Adds an endpoint.</summary>
/// <param name="Id">A new id, <c>we_…</c>.</param>
/// <param name="Url">Checked by <see cref="WebhookUrl"/>.</param>
/// <param name="Events">Event types it wants.</param>
/// <param name="LowThreshold">Its own threshold for <c>credits.low</c>; null for the plan's.</param>
/// <param name="Secret">A new secret.</param>
public sealed record CreateEndpoint(string Id, string Url, ImmutableArray<string> Events, Credits? LowThreshold, string Secret);

/// <summary>Decisions on webhook endpoints. An endpoint's row and what the account remembers of it change together.</summary>
public static class EndpointDecisions
{
    /// <summary>Most endpoints of a workspace, disabled ones included.</summary>
    public const int Most = 20;

    /// <summary>Most rotated secrets that sign at the same time.</summary>
    public const int MostFormerSecrets = 5;

    /// <summary>Adds the endpoint. Where credits are low or used up already, no crossing happened: its alerts wait until credits are added.</summary>
    public static Outcome<WebhookEndpoint> Create(Draft draft, Catalog catalog, CreateEndpoint command)
    {
        if (draft.Account.Subscribers.Length >= Most)
        {
            return Refusal.Conflict($"The workspace has {Most} webhook endpoints; no more can be created.");
        }

        var endpoint = new WebhookEndpoint
        {
            Id = command.Id,
            Url = command.Url,
            Events = command.Events,
            LowThreshold = command.LowThreshold,
            Secret = command.Secret,
            CreatedAt = draft.Now,
        };
        var balance = draft.Account.Balance;
        var subscriber = new Subscriber(command.Id, command.Events, command.LowThreshold, LowArmed: true, ExhaustedArmed: balance > Credits.Zero);
        subscriber = subscriber with { LowArmed = !(balance <= Alerts.ThresholdOf(subscriber, draft.Account, catalog)) };
        draft.Put(endpoint);
        draft.Account = draft.Account with { Subscribers = draft.Account.Subscribers.Add(subscriber) };
        return endpoint;
    }

    /// <summary>Removes the endpoint; what was still to be delivered to it goes, too.</summary>
    public static Outcome<WebhookEndpoint> Delete(Draft draft, string id)
    {
        if (!draft.TryFind<WebhookEndpoint>(WebhookEndpoint.KeyOf(id), out var endpoint))
        {
            return NotFound();
        }

        draft.Remove(endpoint.RowKey);
        draft.Account = draft.Account with { Subscribers = draft.Account.Subscribers.RemoveAll(one => one.Id == id) };
        draft.Ring(Queues.Webhooks, id);
        return endpoint;
    }

    /// <summary>Gives the endpoint a new secret; the one before signs for another 24 hours.</summary>
    public static Outcome<WebhookEndpoint> Rotate(Draft draft, string id, string secret)
    {
        if (!draft.TryFind<WebhookEndpoint>(WebhookEndpoint.KeyOf(id), out var endpoint))
        {
            return NotFound();
        }

        var former = endpoint.FormerSecrets.RemoveAll(one => one.ValidUntil <= draft.Now);
        if (former.Length == MostFormerSecrets)
        {
            return Refusal.Conflict($"{MostFormerSecrets} secrets were rotated out within the last 24 hours and sign still; rotate again when the oldest has ended.");
        }

        var rotated = endpoint with
        {
            Secret = secret,
            FormerSecrets = former.Insert(0, new FormerSecret(endpoint.Secret, draft.Now + WebhookEndpoint.SecretOverlap)),
        };
        draft.Put(rotated);
        return rotated;
    }

    /// <summary>Tells this endpoint alone a <c>ping</c>. It is sent to a disabled endpoint, too, and enables it when it arrives.</summary>
    public static Outcome<WebhookDelivery> Test(Draft draft, string id)
    {
        if (!draft.TryFind<WebhookEndpoint>(WebhookEndpoint.KeyOf(id), out var endpoint))
        {
            return NotFound();
        }

        draft.Tell(EventTypes.Ping, draft.Now, ImmutableSortedDictionary<string, Scalar>.Empty.Add("webhook_id", Scalar.Of(id)), [id]);
        return WebhookDelivery.New(endpoint.Key, draft.Account.Events, EventTypes.Ping, draft.Now);
    }

    /// <summary>Sends nothing to the endpoint any more.</summary>
    public static Outcome<WebhookEndpoint> Disable(Draft draft, string id, DisabledReason reason)
    {
        if (!draft.TryFind<WebhookEndpoint>(WebhookEndpoint.KeyOf(id), out var endpoint))
        {
            return NotFound();
        }

        return endpoint.Disabled is null
            ? Changed(draft, endpoint with { Disabled = new Disabling(reason, draft.Now) }, [])
            : new Outcome<WebhookEndpoint>.AlreadyApplied(endpoint);
    }

    /// <summary>Sends to the endpoint again.</summary>
    public static Outcome<WebhookEndpoint> Enable(Draft draft, string id)
    {
        if (!draft.TryFind<WebhookEndpoint>(WebhookEndpoint.KeyOf(id), out var endpoint))
        {
            return NotFound();
        }

        return endpoint.Disabled is not null
            ? Changed(draft, endpoint with { Disabled = null }, endpoint.Events)
            : new Outcome<WebhookEndpoint>.AlreadyApplied(endpoint);
    }

    /// <summary>A disabled endpoint keeps its place and its alert arms, but wants no events.</summary>
    private static WebhookEndpoint Changed(Draft draft, WebhookEndpoint endpoint, ImmutableArray<string> wanted)
    {
        draft.Put(endpoint);
        draft.Account = draft.Account with
        {
            Subscribers = [.. draft.Account.Subscribers.Select(one => one.Id == endpoint.Id ? one with { Events = wanted } : one)],
        };
        return endpoint;
    }

    private static Refusal NotFound() => Refusal.NotFound("webhook");
}
