using System.Security.Cryptography;
using System.Text.Json;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Engine.Webhooks;
using Billing.Events;
using Billing.Simulation.Runs;
using Billing.Simulation.Storage;
using Billing.Simulation.Time;
using Billing.Webhooks;

namespace Billing.Simulation.Instances;

/// <summary>The customers' webhook endpoints: mostly well, sometimes slow, failing, silent or gone.</summary>
internal sealed class Receivers(World world, Dice dice)
{
    // From when an attempt looks for its endpoint to when it is sent: a claim that storage answers late.
    private static readonly TimeSpan MostFlight = TimeSpan.FromMinutes(1);
    private readonly Dictionary<string, DateTimeOffset> _removed = [];
    private readonly HashSet<(string Url, string EventId)> _taken = [];
    private readonly Dictionary<string, string> _bodies = [];

    /// <summary>True when they take whatever comes.</summary>
    public bool Calm { get; set; }

    /// <summary>True when an endpoint has taken an event.</summary>
    public bool HasTaken(string url, string eventId) => _taken.Contains((url, eventId));

    /// <summary>Notes that an endpoint was removed.</summary>
    public void Remove(string url) => _removed.TryAdd(url, world.Loop.Now);

    /// <summary>Sends a request from a process, which may not live to hear the answer.</summary>
    public Task<WebhookAnswer> SendAsync(Life life, WebhookRequest request)
    {
        var answer = new TaskCompletionSource<WebhookAnswer>();
        world.Require(!_removed.TryGetValue(request.Url, out var at) || at + MostFlight > world.Loop.Now, "Nothing is sent after the removal", () => request.Url);
        var wait = TimeSpan.FromMilliseconds(!Calm && dice.Chance(100) ? dice.Between(3_000, 14_000) : dice.Between(5, 200));
        var (status, arrives) = Calm ? (200, true) : dice.Below(100) switch
        {
            < 70 => (200, true),
            < 80 => (500, true),
            < 88 => (0, true),
            < 96 => (0, false),
            < 97 => (410, true),
            _ => (302, true),
        };
        world.Loop.After(wait / 2, () => Take(request, arrives));
        world.Loop.After(status == 0 ? WebhookRequest.TimeLimit : wait, () =>
        {
            if (!life.Over)
            {
                answer.SetResult(new WebhookAnswer(status == 0 ? null : status, null, status == 0 ? "no answer" : null, status == 0 ? WebhookRequest.TimeLimit : wait));
            }
        });
        return answer.Task;
    }

    private void Take(WebhookRequest request, bool arrives)
    {
        if (!arrives)
        {
            return;
        }

        var id = request.Headers.First(header => header.Name == "webhook-id").Value;
        var body = Convert.ToHexString(SHA256.HashData(request.Body.Span));
        _taken.Add((request.Url, id));
        ProveWanted(request, id);
        world.Require(_bodies.TryAdd(id, body) || _bodies[id] == body, "An event has one body", () => id);
    }

    private void ProveWanted(WebhookRequest request, string id)
    {
        var known = Ids.TryParse("evt", id, out var workspaceId, out var key) & Ids.NumberOf(key) is not null;
        var sequence = Ids.NumberOf(key) ?? 0;
        var row = world.Tables.Read(new Partition(Table.Ledger, workspaceId), BillingEvent.KeyOf(sequence));
        var targets = row is null ? [] : RowJson.Read<BillingEvent>(row.Data).Targets;
        // An event may have had its time since it was read.
        world.Require(known && (row is null || targets.Contains(request.Url.Split('/')[^1])), "Nobody gets what was not for it", () => $"{request.Url}: {id}");
        using var body = JsonDocument.Parse(request.Body);
        world.Require(body.RootElement.GetProperty("sequence").GetInt64() == sequence, "A body says its sequence", () => id);
    }
}
