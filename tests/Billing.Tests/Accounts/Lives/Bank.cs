using Billing.Accounts;
using Billing.Catalogs;

namespace Billing.Tests.Accounts.Lives;

/// <summary>Credits of one grant: what is left, and whether it can still be put back to.</summary>
internal sealed class Lot(GrantKind kind, long left, DateTimeOffset? endsAt, int born)
{
    public GrantKind Kind => kind;

    public DateTimeOffset? EndsAt => endsAt;

    public int Born => born;

    public long Left { get; set; } = left;

    public bool Ended { get; set; }
}

/// <summary>A subscription as a clerk would note it.</summary>
internal sealed class Contract(PlanChoice choice, DateTimeOffset anchor)
{
    public PlanChoice Limits { get; set; } = choice;

    public PlanChoice Renewal { get; set; } = choice;

    public DateTimeOffset Anchor => anchor;

    public DateTimeOffset PaidUntil { get; set; }

    public Lot? Allowance { get; set; }

    public long Granted { get; set; }

    public bool Paused { get; set; }

    public bool Canceled { get; set; }

    public bool Ended { get; set; }
}

/// <summary>The contract kept in the plainest way: lots in a list, months counted on fingers, thousandths of credits. It knows nothing of the rules under test.</summary>
internal sealed partial class Bank(Catalog catalog, DateTimeOffset createdAt)
{
    private readonly List<Lot> _lots = [];
    private readonly Dictionary<string, (long Credits, Lot Lot, bool Reversed)> _topUps = [];
    private int _born;

    public Contract? Contract { get; private set; }

    public long Debt { get; private set; }

    public long Balance => _lots.Sum(lot => lot.Left);

    public long Of(GrantKind kind) => _lots.Where(lot => lot.Kind == kind).Sum(lot => lot.Left);

    public (DateTimeOffset StartsAt, DateTimeOffset EndsAt) Period(DateTimeOffset now) =>
        Period(Contract is { Ended: false } running ? running.Anchor : createdAt, now);

    /// <summary>Everything that time alone does.</summary>
    public void AdvanceTo(DateTimeOffset now)
    {
        foreach (var lot in _lots.Where(lot => lot.EndsAt <= now))
        {
            (lot.Left, lot.Ended) = (0, true);
        }

        CloseMonth(now);
        if (Contract is { Ended: false } due && due.PaidUntil <= now && due.Canceled)
        {
            (due.Ended, due.Paused) = (true, false);
        }
        else if (Contract is { Ended: false, Paused: false } renewed && renewed.PaidUntil <= now)
        {
            GrantAllowance(renewed, now);
        }

        ExpireJobs(now);
    }

    public string Give(long credits, DateTimeOffset? endsAt, DateTimeOffset now)
    {
        if (credits <= 0 || endsAt <= now)
        {
            return Refusals.InvalidRequest;
        }

        Add(GrantKind.Bonus, credits, endsAt);
        return "ok";
    }

    public string Buy(string reference, long credits)
    {
        if (_topUps.TryGetValue(reference, out var known))
        {
            return known.Credits == credits ? "again" : Refusals.Conflict;
        }

        if (credits is < 20_000 or > 200_000)
        {
            return Refusals.InvalidRequest;
        }

        _topUps[reference] = (credits, Add(GrantKind.TopUp, credits, null), false);
        return "ok";
    }

    public string Reverse(string reference)
    {
        var (credits, lot, reversed) = _topUps[reference];
        if (reversed)
        {
            return "again";
        }

        Debt += credits - lot.Left;
        lot.Left = 0;
        _topUps[reference] = (credits, lot, true);
        return "ok";
    }

    public string Subscribe(PlanChoice choice, DateTimeOffset? startedAt, DateTimeOffset now)
    {
        if (startedAt > now)
        {
            return Refusals.InvalidRequest;
        }

        if (Contract is null or { Ended: true } || (IsFree(Contract.Limits) && !IsFree(choice)))
        {
            if (Contract?.Allowance is { } unused)
            {
                (unused.Left, unused.Ended) = (0, true);
            }

            Contract = new Contract(choice, startedAt ?? now);
            GrantAllowance(Contract, now);
            return "ok";
        }

        if (startedAt is { } other && other != Contract.Anchor)
        {
            return Refusals.InvalidRequest;
        }

        var before = (Contract.Limits, Contract.Renewal, Contract.Canceled);
        Contract.Renewal = choice;
        Contract.Canceled = false;
        if (choice.Allowance > Contract.Limits.Allowance)
        {
            Contract.Limits = choice;
        }

        return before == (Contract.Limits, Contract.Renewal, Contract.Canceled) ? "again" : "ok";
    }

    public string Cancel()
    {
        if (Contract is null)
        {
            return Refusals.Conflict;
        }

        if (Contract.Canceled)
        {
            return "again";
        }

        (Contract.Canceled, Contract.Renewal) = (true, Contract.Limits);
        return "ok";
    }

    public string Pay(PaymentStatus status, DateTimeOffset now)
    {
        if (Contract is null or { Ended: true })
        {
            return Refusals.Conflict;
        }

        if (Contract.Paused == (status != PaymentStatus.Succeeded))
        {
            return "again";
        }

        Contract.Paused = !Contract.Paused;
        if (!Contract.Paused && Contract.PaidUntil <= now)
        {
            GrantAllowance(Contract, now);
        }

        return "ok";
    }

    private void GrantAllowance(Contract contract, DateTimeOffset now)
    {
        contract.Limits = contract.Renewal;
        contract.Granted = contract.Renewal.Allowance.Thousandths;
        contract.PaidUntil = Period(contract.Anchor, now).EndsAt;
        contract.Allowance = Add(GrantKind.Plan, contract.Granted, contract.PaidUntil);
    }

    private Lot Add(GrantKind kind, long credits, DateTimeOffset? endsAt)
    {
        var lot = new Lot(kind, credits, endsAt, _born++);
        _lots.Add(lot);
        Repay(lot, credits);
        return lot;
    }

    private void Repay(Lot lot, long atMost)
    {
        var repaid = Math.Min(Debt, atMost);
        (Debt, lot.Left) = (Debt - repaid, lot.Left - repaid);
    }

    private bool IsFree(PlanChoice choice) => catalog.TryGetPlan(choice.Plan, out var plan) && plan.Free;

    private static (DateTimeOffset StartsAt, DateTimeOffset EndsAt) Period(DateTimeOffset anchor, DateTimeOffset now)
    {
        var months = 0;
        while (Anniversary(anchor, months + 1) <= now)
        {
            months++;
        }

        return (Anniversary(anchor, months), Anniversary(anchor, months + 1));
    }

    private static DateTimeOffset Anniversary(DateTimeOffset anchor, int months)
    {
        var (year, month) = (anchor.Year, anchor.Month);
        for (; months > 0; months--)
        {
            (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1);
        }

        var midnight = new DateTimeOffset(year, month, Math.Min(anchor.Day, DateTime.DaysInMonth(year, month)), 0, 0, 0, TimeSpan.Zero);
        return midnight + anchor.TimeOfDay;
    }
}
