using Billing.Catalogs;
using Billing.Events;
using Billing.Generations;
using Billing.Subscriptions;
using Billing.Tests.Workspaces;
using Billing.Workspaces;

namespace Billing.Tests.Webhooks;

/// <summary>Random lives of workspaces with several endpoints, alert by alert against <see cref="AlertModel"/>.</summary>
public sealed class CrossingPropertyTests
{
    [Theory]
    [InlineData("bluma", "free")]
    [InlineData("bluma", "starter")]
    [InlineData("bluma", "pro")]
    [InlineData("bloom", null)]
    [InlineData("bloom", "plus")]
    public void Alerts_fire_exactly_at_the_crossings_of_a_model(string product, string? plan)
    {
        var (alerts, crossings) = (0, new SortedSet<string>());
        for (var seed = 0; seed < 60; seed++)
        {
            var life = new CrossingLife(product, plan, seed);
            for (var step = 0; step < 80; step++)
            {
                var deed = life.Step();
                var (expected, told) = life.Compare();
                Assert.True(expected.SequenceEqual(told), $"{product} {plan}, seed {seed}, step {step}, {deed}: expected [{string.Join(", ", expected)}], told [{string.Join(", ", told)}]");
                alerts += told.Count;
                crossings.UnionWith(told.Select(alert => $"{alert.Split(' ')[0]} by {deed}"));
            }
        }

        Assert.True(alerts > 1_000, $"only {alerts} alerts");
        Assert.Contains("credits.low by batch", crossings);
        Assert.Contains("credits.exhausted by admit", crossings);
    }
}

/// <summary>One workspace and what befalls it.</summary>
internal sealed class CrossingLife
{
    private static readonly decimal?[] Thresholds = [null, 0.5m, 7, 33, 200];
    private readonly Random _random;
    private readonly LiveWorkspace _workspace;
    private readonly AlertModel _model = new();
    private readonly List<string> _running = [];
    private readonly List<string> _topUps = [];
    private int _told;
    private int _payments;

    public CrossingLife(string product, string? plan, int seed)
    {
        _random = new Random(seed);
        var create = new OpenWorkspace(LiveWorkspace.Id, product, "Studio", WorkspaceType.Personal, plan);
        _workspace = LiveWorkspace.Of(CatalogSet.Shipped[product], LiveWorkspace.At("2025-11-01T00:00:00Z"), create, thorough: false);
        foreach (var threshold in Thresholds)
        {
            _workspace.Hear(threshold, EventTypes.CreditsLow, EventTypes.CreditsExhausted);
            _model.Listen(_workspace.Account.Subscribers[^1].Id, threshold);
        }
    }

    private decimal? Allowance => _workspace.Account.Subscription is { Ended: false } subscription ? subscription.Allowance.ToDecimal() : null;

    /// <summary>Lets something happen.</summary>
    /// <returns>Its name.</returns>
    public string Step()
    {
        var deed = _random.Next(12) switch
        {
            0 or 1 or 2 => "admit",
            3 => "batch",
            4 => "zero",
            5 => "refund",
            6 => "complete",
            7 => "buy",
            8 => "give",
            9 => "reverse",
            10 => "subscribe",
            _ => "wait",
        };
        Do(deed);
        Observe(() => _workspace.CarryOutRefunds());
        return deed;
    }

    /// <summary>What the model and the rules have told since the last step.</summary>
    public (IReadOnlyList<string> Expected, IReadOnlyList<string> Told) Compare()
    {
        var told = _workspace.Events.Skip(_told).SelectMany(one => one.Targets.Select(id => $"{one.Type} {id}")).Order(StringComparer.Ordinal).ToList();
        _told = _workspace.Events.Count;
        return (_model.Take(), told);
    }

    private void Do(string deed)
    {
        switch (deed)
        {
            case "admit":
                Spend([Cost()]);
                break;
            case "batch":
                Spend([.. Enumerable.Range(0, _random.Next(2, 9)).Select(_ => Cost())]);
                break;
            case "zero" when _workspace.Balance > 0:
                Spend([_workspace.Balance]);
                break;
            case "refund" when _running.Count > 0:
                Observe(() => _workspace.TryFail(TakeRunning(), _random.Next(3) > 0 ? "server_error" : "user_error"));
                break;
            case "complete" when _running.Count > 0:
                Observe(() => _workspace.TryComplete(TakeRunning(), _random.Next(2)));
                break;
            case "buy":
                Observe(() => _topUps.Add(_workspace.Buy(_random.Next(20, 60), $"pay_{++_payments}").Id));
                break;
            case "give":
                var ends = _random.Next(2) == 0 ? Instants.Text(_workspace.Now.AddHours(_random.Next(1, 400))) : null;
                Observe(() => _workspace.Give(_random.Next(1, 30), ends));
                break;
            case "reverse" when _topUps.Count > 0:
                Observe(() => _workspace.TryReverse(_topUps[_random.Next(_topUps.Count)]));
                break;
            case "subscribe":
                var paid = _workspace.Catalog.Plans.Where(plan => plan.Allowance.Fixed is not null).ToList();
                Observe(() => _workspace.TrySubscribe(paid[_random.Next(paid.Count)].Id));
                break;
            case "wait":
                Observe(() => _workspace.After(TimeSpan.FromMinutes(_random.Next(1, _random.Next(2) == 0 ? 90 : 40_000))));
                break;
        }
    }

    /// <summary>Halves of credits, mostly small, now and then more than there is.</summary>
    private decimal Cost() => _random.Next(1, _random.Next(5) == 0 ? 400 : 40) / 2m;

    private string TakeRunning()
    {
        var at = _random.Next(_running.Count);
        var id = _running[at];
        _running.RemoveAt(at);
        return id;
    }

    private void Spend(decimal[] costs)
    {
        var left = _workspace.Balance;
        var overage = _workspace.Catalog.TryGetPlan(_workspace.Account.Subscription?.Current.Plan ?? "", out var plan) && plan.OverageUnitPrice is not null;
        var shortOfCredits = false;
        foreach (var cost in costs)
        {
            shortOfCredits |= cost > left;
            left -= cost <= left ? cost : overage ? left : 0;
        }

        Observe(
            () =>
            {
                var outcome = costs.Length == 1 ? _workspace.TryAdmit(costs[0]) : _workspace.TryBatch(allOrNothing: false, costs);
                _running.AddRange((outcome as Outcome<Admitted>.Accepted)?.Value.Items.Where(item => item.Generation is not null).Select(item => item.Generation!.Id) ?? []);
            },
            shortOfCredits);
    }

    /// <summary>Lets the model see what a deed wrote. Time does not pass within one.</summary>
    private void Observe(Action deed, bool shortOfCredits = false)
    {
        var (before, entries) = (_workspace.Balance, _workspace.Entries.Count);
        deed();
        _model.Happen(before, _workspace.Balance, _workspace.Entries.Skip(entries), Allowance, shortOfCredits);
    }
}
