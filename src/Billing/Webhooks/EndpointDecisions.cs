using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Events;
using Billing.Workspaces;

namespace Billing.Webhooks;

/// <summary>Adds an endpoint.</summary>
/// <param name="Id">A new id, <c>we_…</c>.</param>
/// <param name="LowThreshold">Its own threshold for <c>credits.low</c>; null for the plan's.</param>
public sealed record CreateEndpoint(string Id, string Url, ImmutableArray<string> Events, Credits? LowThreshold, string Secret)
{
    /// <summary>The account that makes it.</summary>
    public string? Owner { get; init; }
}

/// <summary>Decisions on webhook endpoints. An endpoint's row and what the account remembers of it change together.</summary>
public static class EndpointDecisions
{
    public const int Most = 20;

    public const int MostFormerSecrets = 5;

    /// <summary>Adds the endpoint. Where credits are low or used up already, no crossing happened: its alerts wait until credits are added.</summary>
    public static Outcome<WebhookEndpoint> Create(UnitOfWork unit, Catalog catalog, CreateEndpoint command)
    {
        if (unit.Workspace.Subscribers.Length >= Most)
        {
            return Refusal.Conflict($"The workspace has {Most} webhook endpoints; no more can be created.");
        }

        var endpoint = new WebhookEndpoint
        {
            Id = command.Id,
            Url = command.Url,
            Owner = command.Owner,
            Events = command.Events,
            LowThreshold = command.LowThreshold,
            Secret = command.Secret,
            CreatedAt = unit.Now,
        };
        var balance = unit.Workspace.Balance;
        var subscriber = new Subscriber(command.Id, command.Events, command.LowThreshold, LowArmed: true, ExhaustedArmed: balance > Credits.Zero);
        subscriber = subscriber with { LowArmed = !(balance <= Alerts.ThresholdOf(subscriber, unit.Workspace, catalog)) };
        unit.Put(endpoint);
        unit.Workspace = unit.Workspace with { Subscribers = unit.Workspace.Subscribers.Add(subscriber) };
        return endpoint;
    }

    /// <summary>Takes over an endpoint of the seller's from another lane of its feed; nothing when it is there.</summary>
    public static Outcome<WebhookEndpoint> Take(UnitOfWork unit, WebhookEndpoint endpoint)
    {
        if (unit.TryFind<WebhookEndpoint>(endpoint.RowKey, out var there))
        {
            return new Outcome<WebhookEndpoint>.AlreadyApplied(there);
        }

        if (unit.Workspace.Subscribers.Length >= Most)
        {
            return Refusal.Conflict($"There are {Most} webhook endpoints of the seller's; no more can be created.");
        }

        unit.Put(endpoint);
        unit.Workspace = unit.Workspace with { Subscribers = unit.Workspace.Subscribers.Add(new Subscriber(endpoint.Id, endpoint.Events, LowThreshold: null, LowArmed: true, ExhaustedArmed: true)) };
        return endpoint;
    }

    /// <summary>Removes the endpoint; what was still to be delivered to it goes, too.</summary>
    public static Outcome<WebhookEndpoint> Delete(UnitOfWork unit, string id)
    {
        if (!unit.TryFind<WebhookEndpoint>(WebhookEndpoint.KeyOf(id), out var endpoint))
        {
            return NotFound();
        }

        unit.Remove(endpoint.RowKey);
        unit.Workspace = unit.Workspace with { Subscribers = unit.Workspace.Subscribers.RemoveAll(one => one.Id == id) };
        return endpoint;
    }

    /// <summary>Gives the endpoint a new secret; the one before signs for another 24 hours.</summary>
    public static Outcome<WebhookEndpoint> Rotate(UnitOfWork unit, string id, string secret)
    {
        if (!unit.TryFind<WebhookEndpoint>(WebhookEndpoint.KeyOf(id), out var endpoint))
        {
            return NotFound();
        }

        var former = endpoint.FormerSecrets.RemoveAll(one => one.ValidUntil <= unit.Now);
        if (former.Length == MostFormerSecrets)
        {
            return Refusal.Conflict($"{MostFormerSecrets} secrets were rotated out within the last 24 hours and sign still; rotate again when the oldest has ended.");
        }

        var rotated = endpoint with
        {
            Secret = secret,
            FormerSecrets = former.Insert(0, new FormerSecret(endpoint.Secret, unit.Now + WebhookEndpoint.SecretOverlap)),
        };
        unit.Put(rotated);
        return rotated;
    }

    /// <summary>Tells this endpoint alone a <c>ping</c>. It is sent to a disabled endpoint, too, and enables it when it arrives.</summary>
    public static Outcome<WebhookDelivery> Test(UnitOfWork unit, string id)
    {
        if (!unit.TryFind<WebhookEndpoint>(WebhookEndpoint.KeyOf(id), out var endpoint))
        {
            return NotFound();
        }

        if (endpoint.Disabled is { Reason: DisabledReason.MemberLeft })
        {
            return MemberLeft;
        }

        unit.Tell(EventTypes.Ping, unit.Now, ImmutableSortedDictionary<string, Scalar>.Empty.Add("webhook_id", Scalar.Of(id)), [id]);
        return WebhookDelivery.New(endpoint.Key, unit.Workspace.Events, EventTypes.Ping, unit.Now);
    }

    public static Outcome<WebhookEndpoint> Disable(UnitOfWork unit, string id, DisabledReason reason)
    {
        if (!unit.TryFind<WebhookEndpoint>(WebhookEndpoint.KeyOf(id), out var endpoint))
        {
            return NotFound();
        }

        if (endpoint.Disabled is not null)
        {
            return new Outcome<WebhookEndpoint>.AlreadyApplied(endpoint);
        }

        // A disabled endpoint of the seller's own is found in its list: the feed tells of customers.
        if (unit.Workspace.Type != WorkspaceType.Feed)
        {
            TellDisabled(unit, id, reason == DisabledReason.Gone ? "gone" : "failing", []);
        }

        return Changed(unit, endpoint with { Disabled = new Disabling(reason, unit.Now) }, endpoint.Events);
    }

    /// <summary>Disables what somebody made who leaves the workspace, and tells every endpoint that is left.</summary>
    /// <param name="ids">The workspace's endpoints.</param>
    public static ImmutableArray<string> Leave(UnitOfWork unit, string accountId, ImmutableArray<string> ids)
    {
        var left = ids.Select(id => unit.TryFind<WebhookEndpoint>(WebhookEndpoint.KeyOf(id), out var endpoint) ? endpoint : null).OfType<WebhookEndpoint>()
            .Where(endpoint => endpoint.Owner == accountId && endpoint.Disabled is not { Reason: DisabledReason.MemberLeft }).ToImmutableArray();
        foreach (var endpoint in left)
        {
            Changed(unit, endpoint with { Disabled = new Disabling(DisabledReason.MemberLeft, unit.Now) }, []);
        }

        ImmutableArray<string> others = [.. unit.Workspace.Subscribers.Where(one => !one.Events.IsEmpty).Select(one => one.Id)];
        foreach (var endpoint in left)
        {
            TellDisabled(unit, endpoint.Id, "member_left", others);
        }

        return [.. left.Select(endpoint => endpoint.Id)];
    }

    public static Outcome<WebhookEndpoint> Enable(UnitOfWork unit, string id)
    {
        if (!unit.TryFind<WebhookEndpoint>(WebhookEndpoint.KeyOf(id), out var endpoint))
        {
            return NotFound();
        }

        return endpoint.Disabled is { Reason: not DisabledReason.MemberLeft }
            ? Changed(unit, endpoint with { Disabled = null }, endpoint.Events)
            : new Outcome<WebhookEndpoint>.AlreadyApplied(endpoint);
    }

    /// <summary>Nobody may enable again what belongs to somebody who left.</summary>
    public static Refusal MemberLeft => Refusal.Conflict("Who made this endpoint has left the workspace; delete it, and make one of your own.");

    /// <summary>A disabled endpoint keeps its place and its alert arms. It is told events, too, which are kept to be recovered, unless it can never be enabled again.</summary>
    private static WebhookEndpoint Changed(UnitOfWork unit, WebhookEndpoint endpoint, ImmutableArray<string> wanted)
    {
        unit.Put(endpoint);
        unit.Workspace = unit.Workspace with
        {
            Subscribers = [.. unit.Workspace.Subscribers.Select(one => one.Id == endpoint.Id ? one with { Events = wanted } : one)],
        };
        return endpoint;
    }

    private static void TellDisabled(UnitOfWork unit, string id, string reason, ImmutableArray<string> targets) => unit.Tell(
        EventTypes.WebhookDisabled, unit.Now, ImmutableSortedDictionary<string, Scalar>.Empty.Add("webhook_id", Scalar.Of(id)).Add("reason", Scalar.Of(reason)), targets);

    private static Refusal NotFound() => Refusal.NotFound("webhook");
}
