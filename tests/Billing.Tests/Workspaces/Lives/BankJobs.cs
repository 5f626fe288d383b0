using Billing.Catalogs;
using Billing.Workspaces;

namespace Billing.Tests.Workspaces.Lives;

/// <summary>One generation as the model remembers it.</summary>
internal sealed class Job
{
    public required string Id { get; init; }

    public required long Units { get; init; }

    public required bool Test { get; init; }

    public required DateTimeOffset ExpiresAt { get; set; }

    public List<(Lot Lot, long Amount)> Parts { get; } = [];

    /// <summary><c>yyyy-MM</c> and price in minor units, of a unit of overage.</summary>
    public (string Month, long Price)? Unit { get; set; }

    public bool UnitBack { get; set; }

    public string State { get; set; } = "running";

    public Claim? Automatic { get; set; }

    public Claim? Manual { get; set; }

    public long Charge => Parts.Sum(part => part.Amount);

    public Stack<(Lot Lot, long Amount)> Owed { get; set; } = [];

    public long Claimed => (Automatic?.Credits ?? 0) + (Manual is { Denied: false } manual ? manual.Credits : 0);
}

/// <summary>A refund as the model remembers it.</summary>
internal sealed class Claim(long credits, bool unit)
{
    public long Credits => credits;

    public bool Unit => unit;

    public bool Approved { get; set; }

    public bool Denied { get; set; }

    public bool Done { get; set; }
}

internal sealed partial class Bank
{
    private readonly Dictionary<string, Job> _jobs = [];

    public IReadOnlyDictionary<string, Job> Jobs => _jobs;

    public string? Month { get; private set; }

    public List<long> Tab { get; } = [];

    public long InvoiceCredit { get; private set; }

    /// <summary>Month, total, credit used.</summary>
    public List<(string Month, long Total, long Credit)> Invoices { get; } = [];

    public int Running => _jobs.Values.Count(job => job.State == "running" && !job.Test);

    public int PendingRefunds => _jobs.Values.SelectMany(job => new[] { job.Automatic, job.Manual }).Count(claim => claim is { Approved: true, Done: false });

    /// <summary>What becomes of each item: <c>ok</c>, <c>overage</c> or a code. Nothing is taken yet.</summary>
    public List<string> Judge(IReadOnlyList<long> costs, bool test)
    {
        var plan = PlanInForce();
        var (slots, left) = ((catalog.LimitsOf(plan).Most.GetValueOrDefault("concurrency", long.MaxValue)) - Running, Balance);
        var verdicts = new List<string>();
        foreach (var cost in costs)
        {
            var verdict = Contract is { Paused: true } && !test ? RefusalCodes.PaymentRequired
                : Debt > 0 && !test ? RefusalCodes.InsufficientCredits
                : slots <= 0 ? RefusalCodes.ConcurrencyLimit
                : test || cost <= left ? "ok"
                : plan?.OverageUnitPrice is not null ? "overage"
                : catalog.ExhaustedCode == RefusalCodes.MonthlyLimit && WillRenew ? RefusalCodes.MonthlyLimit
                : RefusalCodes.InsufficientCredits;
            slots -= verdict is "ok" or "overage" ? 1 : 0;
            left -= verdict is "ok" or "overage" && !test ? Math.Min(cost, left) : 0;
            verdicts.Add(verdict);
        }

        return verdicts;
    }

    public void Admit(string id, long cost, long units, string verdict, bool test, DateTimeOffset now)
    {
        var job = new Job { Id = id, Units = units, Test = test, ExpiresAt = now + catalog.GenerationTimeToLive };
        _jobs[id] = job;
        if (verdict == "overage")
        {
            var price = PlanInForce()!.OverageUnitPrice!.Value.AmountMinor;
            (Month, job.Unit) = ($"{now:yyyy-MM}", ($"{now:yyyy-MM}", price));
            Tab.Add(price);
            See("mixed charges", Balance > 0);
        }

        if (!test)
        {
            foreach (var lot in BurnDown())
            {
                var taken = Math.Min(lot.Left, cost);
                (lot.Left, cost) = (lot.Left - taken, cost - taken);
                if (taken > 0)
                {
                    job.Parts.Add((lot, taken));
                }
            }

            job.Owed = new Stack<(Lot, long)>(job.Parts);
        }
    }

    public string Complete(string id, long? succeeded)
    {
        var job = _jobs[id];
        var delivered = succeeded ?? job.Units;
        if (delivered < 0 || delivered > job.Units)
        {
            return RefusalCodes.InvalidRequest;
        }

        var kept = (job.Charge * delivered + job.Units - 1) / job.Units;
        return Settle(job, $"completed {delivered}", job.Charge - kept, delivered == 0);
    }

    public string Fail(string id, string reason)
    {
        var refunded = reason is "server_error" or "rendering_error" or "invalid_input";
        return Settle(_jobs[id], $"failed {reason}", refunded ? _jobs[id].Charge : 0, refunded);
    }

    public string Heartbeat(string id, DateTimeOffset now)
    {
        var job = _jobs[id];
        job.ExpiresAt = job.State == "running" ? now + catalog.GenerationTimeToLive : job.ExpiresAt;
        return job.State == "running" ? "ok" : RefusalCodes.AlreadySettled;
    }

    public string RequestRefund(string id, string reason)
    {
        var job = _jobs[id];
        var unit = job.Unit is not null && !job.UnitBack && job.Automatic is not { Unit: true };
        var credits = job.Charge - job.Claimed;
        var refusal = job.Manual is not null ? "again"
            : reason is "user_error" or "content_policy" or "not_as_expected" ? RefusalCodes.RefundNotEligible
            : job.State == "running" ? RefusalCodes.Conflict
            : credits == 0 && !unit ? RefusalCodes.RefundNotEligible
            : "ok";
        job.Manual = refusal == "ok" ? new Claim(credits, unit) : job.Manual;
        return refusal;
    }

    public string Review(Job job, bool approve)
    {
        var claim = job.Manual!;
        if (claim.Approved || claim.Denied)
        {
            return claim.Approved == approve ? "again" : RefusalCodes.Conflict;
        }

        (claim.Approved, claim.Denied) = (approve, !approve);
        TakeOff(job, approve && claim.Unit);
        return "ok";
    }

    public string CarryOut(Job job, Claim claim, DateTimeOffset now)
    {
        if (!claim.Approved || claim.Done)
        {
            return "again";
        }

        claim.Done = true;
        See("mixed refunds", claim is { Credits: > 0, Unit: true });
        RefundPosting(job, claim.Credits, now);
        job.UnitBack |= claim.Unit;
        return "ok";
    }

    /// <summary>What is to be given back is not invoiced, whenever it is given back.</summary>
    private void TakeOff(Job job, bool really)
    {
        if (!really)
        {
            return;
        }

        var (month, price) = job.Unit!.Value;
        if (month != Month || !Tab.Remove(price))
        {
            See("units refunded after their invoice", true);
            InvoiceCredit += price;
        }

        Month = Tab.Count == 0 ? null : Month;
    }

    private void RefundPosting(Job job, long amount, DateTimeOffset now)
    {
        Lot? bonus = null;
        while (amount > 0)
        {
            var (from, owed) = job.Owed.Pop();
            var part = Math.Min(owed, amount);
            var to = from;
            if (from.Ended)
            {
                bonus ??= NewLot(GrantKind.Bonus, 0, Period(now).EndsAt);
                to = bonus;
            }

            to.Left += part;
            amount -= part;
            if (owed > part)
            {
                job.Owed.Push((from, owed - part));
            }
        }

        Repay();
    }

    private string Settle(Job job, string state, long refund, bool unit)
    {
        if (job.State != "running")
        {
            return job.State == state ? "again" : RefusalCodes.AlreadySettled;
        }

        job.State = state;
        job.Automatic = refund > 0 || (unit && job.Unit is not null) ? new Claim(refund, unit && job.Unit is not null) { Approved = true } : null;
        TakeOff(job, unit && job.Unit is not null);
        return "ok";
    }

    private void ExpireJobs(DateTimeOffset now)
    {
        foreach (var job in _jobs.Values.Where(job => job.State == "running" && job.ExpiresAt <= now))
        {
            Settle(job, "expired", job.Charge, unit: true);
        }
    }

    private void CloseMonth(DateTimeOffset now)
    {
        if (Month is { } month && string.CompareOrdinal(month, $"{now:yyyy-MM}") < 0)
        {
            var used = Math.Min(InvoiceCredit, Tab.Sum());
            Invoices.Add((month, Tab.Sum() - used, used));
            InvoiceCredit -= used;
            Tab.Clear();
            Month = null;
        }
    }

    private bool WillRenew => Contract is { Ended: false } contract && (!contract.Canceled || catalog.DefaultPlan is not null);

    private Plan? PlanInForce() => Contract is { Ended: false } && catalog.TryGetPlan(Contract.Limits.Plan, out var plan) ? plan : null;
}
