namespace Billing.Differential;

/// <summary>Plans, payments and months.</summary>
internal sealed partial class Model
{
    private static readonly string[] Ranks = ["pending", "failed", "succeeded"];
    private readonly Dictionary<string, Payment> _payments = [];
    private readonly Dictionary<string, int> _units = [];
    private readonly List<(string Month, int Cents)> _invoices = [];
    private int _unitCredit;
    private DateTimeOffset? _formerUpTo;

    /// <summary>The newest payment is unpaid, and there is something to be paid.</summary>
    public bool Paused { get; private set; }

    /// <summary>Month and total in cents of what was invoiced.</summary>
    public IReadOnlyList<(string Month, int Cents)> Invoices => _invoices;

    private int Units => _units.GetValueOrDefault(MonthOf(Now));

    public static string MonthOf(DateTimeOffset at) => at.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>From no plan or a free one to a paid one: a new subscription. Else a change: larger limits at once, credits with the renewal or now.</summary>
    public void Subscribe(string plan)
    {
        var wanted = facts.Plan(plan);
        if (Plan is null || (Limits!.Free && !wanted.Free))
        {
            Start(plan);
            return;
        }

        Canceled = false;
        var larger = !wanted.Free && wanted.Allowance > Limits.Allowance;
        Plan = larger ? plan : Plan;
        if (facts.UpgradesNow && !wanted.Free && wanted.Allowance > Allowance && PeriodEnds > Now)
        {
            Put("plan", wanted.Allowance - Allowance, PeriodEnds);
            Allowance = wanted.Allowance;
        }

        _next = plan;
        FallDueIfNothingIsAwaited();
    }

    public void Cancel()
    {
        Canceled = true;
        _next = null;
        FallDueIfNothingIsAwaited();
    }

    /// <summary>News of a payment: its age is that of the first report, its success is final, and only the newest decides.</summary>
    public void Pay(string reference, string status, DateTimeOffset? occurredAt)
    {
        var known = _payments.GetValueOrDefault(reference);
        var rank = Array.IndexOf(Ranks, status);
        if (rank <= known?.Rank)
        {
            return;
        }

        var payment = new Payment(known?.Age ?? occurredAt ?? Now, rank);
        _payments[reference] = payment;
        var newest = _payments.Values.Max(one => one.Age);
        if (payment.Age == newest && !(payment.Age <= _formerUpTo) && !Limits!.Free)
        {
            Paused = !_payments.Values.Any(one => one.Age == newest && one.Paid);
            FallDueIfNothingIsAwaited();
        }
    }

    private void Start(string plan)
    {
        LeaveWhatWasOwed();
        Paused = false;
        (Plan, Canceled, Ended, _next, _period) = (plan, false, false, null, 0);
        _anchor = new DateTimeOffset(Now.Ticks - Now.Ticks % TimeSpan.TicksPerSecond, TimeSpan.Zero);
        Allowance = facts.Plan(plan).Allowance;
        Put("plan", Allowance, PeriodEnds);
    }

    /// <summary>What a paid plan that is over owed is no matter of the next one.</summary>
    private void LeaveWhatWasOwed() =>
        _formerUpTo = Limits is { Free: false } && _payments.Count > 0 ? _payments.Values.Max(one => one.Age) : _formerUpTo;

    private void FallDueIfNothingIsAwaited()
    {
        if (Plan is not null && PeriodEnds <= Now)
        {
            FallDue();
        }
    }

    /// <summary>The anniversary: the allowance of the current period, of the plan that was chosen for it. A paused subscription waits, unless nothing will be to pay.</summary>
    private void FallDue()
    {
        var plan = Canceled ? facts.Default : _next ?? Plan!;
        if (Paused && plan is not null && !Canceled && !facts.Plan(plan).Free)
        {
            return;
        }

        Paused = false;
        if (plan is null)
        {
            LeaveWhatWasOwed();
            (Plan, Allowance, Ended, _next) = (null, 0, true, null);
            return;
        }

        if (facts.Plan(plan).Free)
        {
            LeaveWhatWasOwed();
        }

        while (PeriodEnds <= Now)
        {
            _period++;
        }

        (Plan, Canceled, _next, Allowance) = (plan, false, null, facts.Plan(plan).Allowance);
        Put("plan", Allowance, PeriodEnds);
    }

    /// <summary>One invoice for a month that is over; what was decided to be refunded by then is not on it.</summary>
    private void CloseMonths()
    {
        foreach (var month in _units.Keys.Where(month => string.CompareOrdinal(month, MonthOf(Now)) < 0).Order(StringComparer.Ordinal).ToList())
        {
            foreach (var owed in _owed.Where(owed => owed.Overage && owed.Generation.OverageMonth == month && !owed.Generation.OverageReturned))
            {
                owed.Generation.OverageReturned = true;
                _units[month]--;
            }

            var due = _units[month] * 50;
            _units.Remove(month);
            var used = Math.Min(due, _unitCredit);
            _unitCredit -= used;
            if (due > 0)
            {
                _invoices.Add((month, due - used));
            }
        }
    }

    /// <summary>What is decided to be given back: a unit of a month that was invoiced is a credit from now on.</summary>
    private void Owe(Owed owed)
    {
        _owed.Add(owed);
        if (owed.Overage && !_units.ContainsKey(owed.Generation.OverageMonth!))
        {
            owed.Generation.OverageReturned = true;
            _unitCredit += 50;
        }
    }
}
