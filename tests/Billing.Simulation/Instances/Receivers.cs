using System.Security.Cryptography;
using Billing.Simulation.Runs;
using Billing.Simulation.Storage;
using Billing.Simulation.Time;
using Billing.Webhooks;

namespace Billing.Simulation.Instances;

/// <summary>The customers' webhook endpoints: mostly well, sometimes slow, failing, silent or gone.</summary>
internal sealed class Receivers(World world, Dice dice)
{
    private readonly HashSet<(string Url, string EventId)> _taken = [];
    private readonly Dictionary<string, string> _bodies = [];

    /// <summary>True when they take whatever comes.</summary>
    public bool Calm { get; set; }

    /// <summary>True when an endpoint has taken an event.</summary>
    public bool HasTaken(string url, string eventId) => _taken.Contains((url, eventId));

    /// <summary>Sends a request from a process, which may not live to hear the answer.</summary>
    public Task<WebhookAnswer> SendAsync(Life life, WebhookRequest request)
    {
        var answer = new TaskCompletionSource<WebhookAnswer>();
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
        world.Require(_bodies.TryAdd(id, body) || _bodies[id] == body, "An event has one body", () => id);
    }
}
