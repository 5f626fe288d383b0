using Billing.Catalogs;
using Billing.Events;
using Billing.Generations;
using Billing.Subscriptions;
using Billing.Workspaces;

namespace Billing.Tests.Workspaces.Lives;

/// <summary>One random life, led by a <see cref="Workspace"/> and by a <see cref="Bank"/>, which must agree after every step.</summary>
internal sealed partial class Life
{
    private readonly Random _random;
    private readonly LiveWorkspace _workspace;
    private readonly Bank _bank;
    private readonly List<string> _references = [];

    public Life(int seed, Catalog catalog)
    {
        _random = new Random(seed);
        var now = new DateTimeOffset(2023, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(_random.Next(1200)).AddMilliseconds(_random.NextInt64(86_400_000));
        now = _random.Next(3) == 0 ? new DateTimeOffset(now.Year, now.Month, DateTime.DaysInMonth(now.Year, now.Month), 23, 59, 59, TimeSpan.Zero) : now;
        var type = _random.Next(5) == 0 ? WorkspaceType.Team : WorkspaceType.Personal;
        _workspace = LiveWorkspace.Of(catalog, now, new OpenWorkspace(LiveWorkspace.Id, catalog.Product, "Studio", type), thorough: false);
        _bank = new Bank(catalog, now);
        _ = type == WorkspaceType.Personal ? _bank.Give(catalog.SignUpGrant?.Thousandths ?? 0, null, now) : null;
        _ = catalog.DefaultPlan is { } plan ? _bank.Subscribe(new PlanChoice(plan.Id, plan.Allowance.Min, plan.Free), null, now) : null;

        if (_random.Next(2) == 0)
        {
            _workspace.Hear([.. EventTypes.All]).Hear(_random.Next(30), EventTypes.CreditsLow);
        }
    }

    /// <summary>What happened, for whoever reads a failure.</summary>
    public List<string> Diary { get; } = [];

    public LiveWorkspace Workspace => _workspace;

    public Bank Bank => _bank;

    private DateTimeOffset Now => _workspace.Now;

    private Catalog Catalog => _workspace.Catalog;

    public void Step()
    {
        var roll = _random.Next(100);
        if (roll < 22)
        {
            Wait();
            return;
        }

        _bank.AdvanceTo(Now);
        var (expected, actual) = roll switch
        {
            < 44 => Admit(),
            < 56 => Settle(),
            < 65 => CarryOut(),
            < 71 => RequestRefund(),
            < 77 => Review(),
            < 80 => Buy(),
            < 84 => Reverse(),
            < 87 => Give(),
            < 93 => Subscribe(),
            < 95 => Cancel(),
            _ => Pay(),
        };
        if (actual.Length == 0)
        {
            _workspace.CatchUp();
        }

        Diary.Add($"  → {actual}");
        Assert.True(expected == actual, $"{expected} was expected, not {actual}");
        Compare();
    }

    /// <summary>Lets time pass; half the time nobody looks, so that what is due comes late.</summary>
    private void Wait()
    {
        var time = _random.Next(10) switch
        {
            < 4 => TimeSpan.FromMinutes(_random.Next(1, 60)),
            < 6 => TimeSpan.FromHours(_random.Next(1, 30)),
            < 9 => TimeSpan.FromDays(_random.Next(1, 25)),
            _ => TimeSpan.FromDays(_random.Next(25, 130)),
        };
        _workspace.Now += time;
        Note($"{time} pass until {Instants.Text(Now)}");
        if (_random.Next(2) == 0)
        {
            var projected = DueChanges.Project(_workspace.Account, Catalog, Now);
            _workspace.CatchUp();
            _bank.AdvanceTo(Now);
            Assert.True(projected.Head == _workspace.Account.Head, "a reader saw another ledger than was written");
            Compare();
        }
    }

    private (string Expected, string Actual) Admit()
    {
        var test = _random.Next(12) == 0;
        var costs = Enumerable.Range(0, _random.Next(3) == 0 ? _random.Next(1, 5) : 1).Select(_ => Cost()).ToList();
        var units = _random.Next(1, 8);
        var (batch, all) = (costs.Count > 1 || _random.Next(10) == 0, costs.Count == 1 || _random.Next(2) == 0);
        Note($"admit {string.Join(" + ", costs)} of {units} units{(all ? "" : ", best effort")}{(test ? ", test" : "")}");
        var verdicts = _bank.Judge([.. costs.Select(cost => cost.Thousandths)], test);
        var command = new Admit(_workspace.NextKey(), [.. costs.Select(cost => _workspace.Wanted(cost.ToDecimal(), units))], all, test) { Batch = batch };
        var outcome = _workspace.TryAdmit(command);
        if (all && verdicts.Find(verdict => verdict is not ("ok" or "overage")) is { } refused)
        {
            return (refused, Code(outcome));
        }

        var items = LiveWorkspace.Accepted(outcome).Items;
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i].Generation is { } generation)
            {
                _bank.Admit(generation.Id, costs[i].Thousandths, units, verdicts[i], test, Now);
            }
        }

        return (string.Join(' ', verdicts), string.Join(' ', items.Select(Verdict)));
    }

    private (string Expected, string Actual) Settle()
    {
        if (AnyJob() is not { } job)
        {
            return ("", "");
        }

        switch (_random.Next(7))
        {
            case 0:
                Note($"heartbeat {job.Id}");
                return (_bank.Heartbeat(job.Id, Now), Code(_workspace.TryHeartbeat(job.Id)));
            case < 4:
                long? succeeded = _random.Next(4) == 0 ? null : _random.NextInt64(-1, job.Units + 2);
                Note($"complete {job.Id} with {succeeded} of {job.Units}");
                return (_bank.Complete(job.Id, succeeded), Code(_workspace.TryComplete(job.Id, succeeded)));
            default:
                var reason = Any("server_error", "rendering_error", "invalid_input", "user_error", "content_policy");
                Note($"fail {job.Id}: {reason}");
                return (_bank.Fail(job.Id, reason), Code(_workspace.TryFail(job.Id, reason)));
        }
    }

    private (string Expected, string Actual) CarryOut()
    {
        if (AnyClaim() is not var (job, claim, id))
        {
            return ("", "");
        }

        Note($"carry out {id}");
        return (_bank.CarryOut(job, claim, Now), Code(_workspace.TryCarryOut(id)));
    }

    private (string Expected, string Actual) RequestRefund()
    {
        var refundable = _bank.Jobs.Values.Where(one => one.State != "running" && one.Manual is null && (one.Charge > one.Claimed || one.Unit is not null)).ToList();
        if (_random.Next(3) > 0 && refundable.FirstOrDefault(one => one.Unit is { } unit && unit.Month != _bank.Month) is { } invoiced)
        {
            refundable = [invoiced];
        }

        if ((refundable.Count > 0 && _random.Next(4) > 0 ? refundable[_random.Next(refundable.Count)] : AnyJob()) is not { } job)
        {
            return ("", "");
        }

        var reason = Any("quality_issue", "incorrect_charge", "technical_problem", "not_as_expected");
        Note($"ask for a refund of {job.Id}: {reason}");
        return (_bank.RequestRefund(job.Id, reason), Code(_workspace.TryRequestRefund(job.Id, reason)));
    }

    private (string Expected, string Actual) Review()
    {
        var reviewed = _bank.Jobs.Values.Where(job => job.Manual is { } claim && ((!claim.Approved && !claim.Denied) || _random.Next(4) == 0)).ToList();
        if (reviewed.Count == 0)
        {
            return ("", "");
        }

        var (job, approve) = (reviewed[_random.Next(reviewed.Count)], _random.Next(4) > 0);
        Note($"{(approve ? "approve" : "deny")} {job.Id}");
        return (_bank.Review(job, approve), Code(_workspace.TryReview(RefundIdOf(job, "m"), approve)));
    }
}
