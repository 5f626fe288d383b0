using Billing.Catalogs;
using Billing.Subscriptions;
using Billing.Workspaces;

namespace Billing.Tests.Workspaces.Lives;

/// <summary>Credits of one grant: what is left, and whether it can still be put back to.</summary>
internal sealed class Lot(GrantKind kind, long left, DateTimeOffset? endsAt, int born)
{
    public GrantKind Kind => kind;

    public DateTimeOffset? EndsAt => endsAt;

    public int Born => born;

    public long Left { get; set; } = left;

    /// <summary>Cents for all of it, and how much that was; null where it was free.</summary>
    public (long Cents, long Whole)? Cost { get; init; }

    /// <summary>What is left and what a credit of it cost, in lowest terms: <c>2500 at 29/1000</c>.</summary>
    public string Shown
    {
        get
        {
            if (Cost is not var (cents, whole))
            {
                return $"{Left} free";
            }

            var common = (long)System.Numerics.BigInteger.GreatestCommonDivisor(cents, whole);
            return $"{Left} at {cents / common}/{whole / common}";
        }
    }

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

    public DateTimeOffset? PausesAt { get; set; }

    public bool Canceled { get; set; }

    public bool Ended { get; set; }

    /// <summary>What was paid for it last, in cents.</summary>
    public long? LastPaid { get; set; }
}

/// <summary>The contract kept in the plainest way: lots in a list, months counted on fingers, thousandths of credits. It knows nothing of the rules under test.</summary>
internal sealed partial class Bank(Catalog catalog, DateTimeOffset createdAt)
{
    private readonly List<Lot> _lots = [];
    private readonly Dictionary<string, (long Credits, long? Cents, Lot Lot, Dictionary<string, (long Credits, bool Back)> Reversals)> _topUps = [];
    private readonly Dictionary<string, (PaymentStatus Status, DateTimeOffset Age, long? Cents)> _payments = [];
    private DateTimeOffset _settledUntil = DateTimeOffset.MinValue;
    private int _born;

    public Contract? Contract { get; private set; }

    public long Debt { get; private set; }

    /// <summary>How often it came by what the rules are hardest at.</summary>
    public Dictionary<string, int> Seen { get; } = [];

    public long Balance => _lots.Sum(lot => lot.Left);

    public long Of(GrantKind kind) => _lots.Where(lot => lot.Kind == kind).Sum(lot => lot.Left);

    public (DateTimeOffset StartsAt, DateTimeOffset EndsAt) Period(DateTimeOffset now) =>
        Period(Contract is { Ended: false } running ? running.Anchor : createdAt, now);

    /// <summary>Everything that time alone does.</summary>
    public void AdvanceTo(DateTimeOffset now)
    {
        EndLots(now);
        if (Month is { } month && string.CompareOrdinal(month, $"{now:yyyy-MM}") < 0)
        {
            var monthEndsAt = Instants.TryParse($"{month}-01T00:00:00Z", out var begins) ? begins.AddMonths(1) : throw new FormatException(month);
            ExpireJobs(monthEndsAt.AddTicks(-1));
            See("expired before a month's end", PendingRefunds > 0);
            CloseMonth(now);
        }

        if (Contract is { Ended: false } waits && waits.PausesAt <= (waits.PaidUntil > now ? now : waits.Canceled ? waits.PaidUntil : Period(waits.Anchor, now).StartsAt))
        {
            (waits.Paused, waits.PausesAt) = (true, null);
            See("pauses after grace", true);
        }

        if (Contract is { Canceled: true, Ended: false } canceled && canceled.PaidUntil <= now)
        {
            End(canceled, canceled.PaidUntil);
            EndLots(now);
        }

        if (Contract is { Ended: false } due && due.PaidUntil <= now && (!due.Paused || IsFree(due.Renewal)))
        {
            See("free while paused", due.Paused);
            due.Paused = false;
            GrantAllowance(due, now);
        }

        if (Contract is { Ended: false } unpaid && unpaid.PausesAt <= now)
        {
            (unpaid.Paused, unpaid.PausesAt) = (true, null);
        }

        ExpireJobs(now);
    }

    public string Give(long credits, DateTimeOffset? endsAt, DateTimeOffset now)
    {
        if (credits <= 0 || endsAt <= now)
        {
            return RefusalCodes.InvalidRequest;
        }

        Add(GrantKind.Bonus, credits, endsAt);
        return "ok";
    }

    public string Shown => string.Join(", ", BurnDown().Select(lot => lot.Shown));

    public string Buy(string reference, long credits, long? cents)
    {
        if (_topUps.TryGetValue(reference, out var known))
        {
            return known.Credits == credits && known.Cents == cents ? "again" : RefusalCodes.Conflict;
        }

        if (catalog.TopUps is not { } offer || credits < offer.MinCredits.Thousandths || credits > offer.MaxCredits.Thousandths)
        {
            return RefusalCodes.InvalidRequest;
        }

        See("paid top-ups", cents > 0);
        _topUps[reference] = (credits, cents, Add(GrantKind.TopUp, credits, null, cents), []);
        return "ok";
    }

    /// <summary>Takes a part back, or (0) what is left of it; the name "" is the one without a name.</summary>
    public string Reverse(string reference, string name, long part)
    {
        var (credits, _, lot, reversals) = _topUps[reference];
        var left = credits - reversals.Values.Where(one => !one.Back).Sum(one => one.Credits);
        if (reversals.TryGetValue(name, out var known))
        {
            return part == 0 || part == known.Credits ? "again" : RefusalCodes.Conflict;
        }

        if (part > 0 && part != left && name.Length == 0)
        {
            return RefusalCodes.InvalidRequest;
        }

        var amount = part == 0 ? left : part;
        if (amount > left)
        {
            return RefusalCodes.Conflict;
        }

        if (amount == 0)
        {
            // Nothing is left to take; by its name it is known that it took nothing.
            if (name.Length == 0)
            {
                return "again";
            }

            See("reversals of nothing", true);
            reversals[name] = (0, false);
            return "ok";
        }

        var unspent = Math.Min(lot.Left, amount);
        (lot.Left, Debt) = (lot.Left - unspent, Debt + amount - unspent);
        See("debts repaid at once", Debt > 0 && Balance > 0);
        Repay();
        reversals[name] = (amount, false);
        return "ok";
    }

    public string Reinstate(string reference, string name)
    {
        var (_, _, lot, reversals) = _topUps[reference];
        if (!reversals.ContainsKey(name))
        {
            name = "";
        }

        if (!reversals.TryGetValue(name, out var reversal))
        {
            return RefusalCodes.Conflict;
        }

        if (reversal.Back)
        {
            return "again";
        }

        See("won disputes", true);
        reversals[name] = (reversal.Credits, true);
        lot.Left += reversal.Credits;
        Repay();
        return "ok";
    }

    public string Subscribe(PlanChoice choice, DateTimeOffset? startedAt, DateTimeOffset now)
    {
        if (startedAt > now)
        {
            return RefusalCodes.InvalidRequest;
        }

        if (Contract is null or { Ended: true } || (IsFree(Contract.Limits) && !IsFree(choice)))
        {
            See("kept free credits", Contract?.Allowance is { Left: > 0 });
            ForgetPayments(Contract is not null && !IsFree(Contract.Limits));
            Contract = new Contract(choice, WholeSecond(startedAt ?? now)) { LastPaid = Contract is not null && IsFree(Contract.Limits) ? Contract.LastPaid : null };
            GrantAllowance(Contract, now);
            return "ok";
        }

        if (startedAt is { } other && WholeSecond(other) != Contract.Anchor)
        {
            return RefusalCodes.InvalidRequest;
        }

        var before = (Contract.Limits, Contract.Renewal, Contract.Granted, Contract.Canceled);
        Contract.Renewal = choice;
        Contract.Canceled = false;
        if (choice.Allowance > Contract.Limits.Allowance)
        {
            Contract.LastPaid = null;
            Contract.Limits = choice;
        }

        if (catalog.UpgradesNow && Contract.PaidUntil > now && choice.Allowance.Thousandths > Contract.Granted)
        {
            See("upgrades at once", true);
            Add(GrantKind.Plan, choice.Allowance.Thousandths - Contract.Granted, Contract.PaidUntil);
            Contract.Granted = choice.Allowance.Thousandths;
        }

        if (Contract.PaidUntil <= now && IsFree(choice))
        {
            See("free when paused for long", true);
            Contract.Paused = false;
            GrantAllowance(Contract, now);
        }

        return before == (Contract.Limits, Contract.Renewal, Contract.Granted, Contract.Canceled) ? "again" : "ok";
    }

    public string Cancel(DateTimeOffset now)
    {
        if (Contract is null)
        {
            return RefusalCodes.Conflict;
        }

        if (Contract.Canceled)
        {
            return "again";
        }

        (Contract.Canceled, Contract.Renewal) = (true, Contract.Limits);
        if (Contract.PaidUntil <= now)
        {
            See("canceled when paused for long", true);
            End(Contract, now);
        }

        return "ok";
    }

    public string Pay(string reference, PaymentStatus status, DateTimeOffset at, DateTimeOffset now, long? cents)
    {
        if (Contract is null or { Ended: true })
        {
            return RefusalCodes.Conflict;
        }

        if (cents is not null && status < PaymentStatus.Succeeded)
        {
            return RefusalCodes.InvalidRequest;
        }

        var known = _payments.TryGetValue(reference, out var former);
        if (known && cents is not null && former.Cents is not null && cents != former.Cents)
        {
            See("payments told otherwise", true);
            return RefusalCodes.Conflict;
        }

        if (known && status <= former.Status)
        {
            See("payments told again", true);
            return "again";
        }

        var age = known ? former.Age : at;
        _payments[reference] = (status, age, former.Cents ?? cents);
        var newest = _payments.Values.Max(one => one.Age);
        See("older payments", age < newest);
        if (age < newest || age <= _settledUntil)
        {
            return "ok";
        }

        var paid = _payments.Values.Any(one => one.Age == newest && one.Status is PaymentStatus.Succeeded or PaymentStatus.Won);
        See("payments of one age", _payments.Values.Count(one => one.Age == newest) > 1);
        var wasPaused = Contract.Paused;
        Contract.LastPaid = (status is PaymentStatus.Succeeded or PaymentStatus.Won ? former.Cents ?? cents : null) ?? Contract.LastPaid;
        Contract.Paused &= !paid && !IsFree(Contract.Limits);
        if (paid)
        {
            Contract.PausesAt = null;
        }
        else if (!IsFree(Contract.Limits) && !Contract.Paused)
        {
            Contract.PausesAt ??= at + catalog.PaymentGrace;
            (Contract.Paused, Contract.PausesAt) = Contract.PausesAt <= now ? (true, null) : (false, Contract.PausesAt);
        }

        if (wasPaused && !Contract.Paused && Contract.PaidUntil <= now)
        {
            GrantAllowance(Contract, now);
        }

        return "ok";
    }

    /// <summary>What is reported of a paid plan's payments once it is over is nobody's matter.</summary>
    private void ForgetPayments(bool really)
    {
        if (really && _payments.Count > 0)
        {
            _settledUntil = _payments.Values.Max(one => one.Age);
        }
    }

    /// <summary>Nobody falls below the product's default plan, where it has one.</summary>
    private void End(Contract contract, DateTimeOffset at)
    {
        (contract.Paused, contract.PausesAt) = (false, null);
        if (catalog.DefaultPlan is not { } plan)
        {
            contract.Ended = true;
            return;
        }

        See("falls to the default plan", !IsFree(contract.Limits));
        contract.Canceled = false;
        contract.Renewal = new PlanChoice(plan.Id, plan.Allowance.Min, Free: true);
        GrantAllowance(contract, at);
    }

    private void EndLots(DateTimeOffset now)
    {
        foreach (var lot in _lots.Where(lot => lot.EndsAt <= now))
        {
            (lot.Left, lot.Ended) = (0, true);
        }
    }

    private void GrantAllowance(Contract contract, DateTimeOffset now)
    {
        ForgetPayments(IsFree(contract.Renewal) && !IsFree(contract.Limits));
        contract.PausesAt = IsFree(contract.Renewal) ? null : contract.PausesAt;
        contract.LastPaid = contract.Limits == contract.Renewal ? contract.LastPaid : null;
        contract.Limits = contract.Renewal;
        contract.Granted = contract.Renewal.Allowance.Thousandths;
        contract.PaidUntil = Period(contract.Anchor, now).EndsAt;
        contract.Allowance = Add(GrantKind.Plan, contract.Granted, contract.PaidUntil, PriceOf(contract));
        See("allowances at a price of the catalog's", contract.Allowance.Cost is not null && contract.LastPaid is null);
        See("allowances at what was paid last", contract.Allowance.Cost is not null && contract.LastPaid is not null);
    }

    private long? PriceOf(Contract contract) => catalog.TryGetPlan(contract.Limits.Plan, out var plan) && !plan.Free && plan.Billing == BillingInterval.Monthly
        ? plan.Price?.AmountMinor ?? contract.LastPaid
        : null;

    private Lot Add(GrantKind kind, long credits, DateTimeOffset? endsAt, long? cents = null)
    {
        var lot = NewLot(kind, credits, endsAt, cents);
        Repay();
        return lot;
    }

    private Lot NewLot(GrantKind kind, long credits, DateTimeOffset? endsAt, long? cents = null)
    {
        var lot = new Lot(kind, credits, endsAt, _born++) { Cost = cents > 0 ? (cents.Value, credits) : null };
        _lots.Add(lot);
        return lot;
    }

    private IEnumerable<Lot> BurnDown() =>
        _lots.OrderBy(lot => BurnOrder.PlaceOf(lot.EndsAt, lot.Kind, lot.Born)).Where(lot => lot.Left > 0).ToList();

    private void Repay()
    {
        foreach (var lot in BurnDown())
        {
            var repaid = Math.Min(Debt, lot.Left);
            (Debt, lot.Left) = (Debt - repaid, lot.Left - repaid);
        }
    }

    private void See(string what, bool really) => Seen[what] = Seen.GetValueOrDefault(what) + (really ? 1 : 0);

    private static DateTimeOffset WholeSecond(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));

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
