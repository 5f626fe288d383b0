namespace Billing.Differential;

/// <summary>What a request should be answered with.</summary>
/// <param name="Code">Of the problem; null for success, or where the contract leaves it open.</param>
/// <param name="Members">Paths into the answer, and what stands there.</param>
internal sealed record Expected(int Status, string? Code = null, params (string Path, object? Value)[] Members)
{
    /// <summary>The stored answer: byte for byte.</summary>
    public string? Replays { get; init; }
}

/// <summary>How the service says for whom it asks: each of the four has a rate window of its own.</summary>
/// <param name="Test">By the test key, or in test mode.</param>
/// <param name="Named">By the workspace, without a key.</param>
internal readonly record struct Way(bool Test, bool Named);

/// <summary>Credits of one origin.</summary>
internal sealed class Pot(long order, string kind, decimal left, DateTimeOffset? ends)
{
    public long Order => order;

    public string Kind => kind;

    public DateTimeOffset? Ends => ends;

    public decimal Left { get; set; } = left;
}

/// <summary>A generation, with what it took from where.</summary>
internal sealed record Generation(string Id, bool Test, decimal Cost, int Units, IReadOnlyList<(Pot Pot, decimal Amount)> Took, string? OverageMonth)
{
    public string Status { get; set; } = "running";

    public DateTimeOffset ExpiresAt { get; set; }

    public int Succeeded { get; set; }

    /// <summary>The refund that the customer asked for.</summary>
    public Owed? Asked { get; set; }

    /// <summary>How that was decided; null while it was not.</summary>
    public bool? Approved { get; set; }

    public string? Reason { get; set; }

    public decimal Returned { get; set; }

    public bool OverageReturned { get; set; }

    public decimal Charged => Took.Sum(part => part.Amount);
}

/// <summary>A refund that was decided and is still to be carried out.</summary>
internal sealed record Owed(Generation Generation, decimal Credits, bool Overage);

/// <summary>A payment.</summary>
/// <param name="Age">When it was reported first.</param>
/// <param name="Rank">How far it has come: 2 is paid.</param>
internal sealed record Payment(DateTimeOffset Age, int Rank)
{
    public bool Paid => Rank == 2;
}

/// <summary>
/// One workspace as the contract says it behaves: decimals, lists and no thought of storage. It shares no line with the product, so that both being wrong in
/// the same way takes two mistakes.
/// </summary>
internal sealed partial class Model(ProductFacts facts, DateTimeOffset now)
{
    private static readonly string[] Kinds = ["plan", "bonus", "topup"];
    private readonly DateTimeOffset _createdAt = now;
    private readonly List<Pot> _pots = [];
    private readonly Dictionary<string, Generation> _generations = [];
    private readonly List<Owed> _owed = [];
    private readonly Dictionary<string, (Pot Pot, decimal Credits)> _topUps = [];
    private long _orders;
    private string? _next;
    private DateTimeOffset _anchor = now;
    private int _period;

    public DateTimeOffset Now { get; private set; } = now;

    public ProductFacts Facts => facts;

    public string? Plan { get; private set; }

    public decimal Allowance { get; private set; }

    public bool Canceled { get; private set; }

    public bool Ended { get; private set; }

    public decimal Debt { get; private set; }

    public decimal Balance => _pots.Sum(pot => pot.Left);

    public int Running => _generations.Values.Count(one => one is { Status: "running", Test: false });

    public IEnumerable<Generation> Generations => _generations.Values;

    private PlanFacts? Limits => Plan is null ? null : facts.Plan(Plan);

    private DateTimeOffset PeriodEnds => _anchor.AddMonths(_period + 1);

    /// <summary>What <c>GET /credits</c> should say now.</summary>
    public Expected State() => new(200, null,
        ("credits", Balance),
        ("plan_credits", Of("plan")),
        ("bonus_credits", Of("bonus")),
        ("top_up_credits", Of("topup")),
        ("plan", Plan),
        ("plan_status", Status),
        ("monthly_allowance", Allowance),
        ("overage_used", (decimal)Units),
        ("debt", Debt),
        ("running", (decimal)Running));

    private string Status => (Plan, Ended) switch
    {
        (_, true) => "canceled",
        (null, _) => "none",
        _ => Paused ? "paused" : Canceled ? "canceled" : "active",
    };

    /// <summary>The account is opened.</summary>
    public void Open()
    {
        Put("bonus", facts.SignUp, null);
        if (facts.Default is { } plan)
        {
            Start(plan);
        }
    }

    /// <summary>The first instant after now at which time alone changes something.</summary>
    public DateTimeOffset? NextMoment() => Moments().Where(at => at > Now).Order().Cast<DateTimeOffset?>().FirstOrDefault();

    /// <summary>Time passes up to an instant, at which things may fall due, but none before it.</summary>
    public void Arrive(DateTimeOffset at)
    {
        Now = at;
        foreach (var late in _generations.Values.Where(one => one.Status == "running" && one.ExpiresAt <= Now))
        {
            Settle(late, "expired", late.Charged, late.OverageMonth is not null);
        }

        _pots.RemoveAll(pot => pot.Ends <= Now);
        CloseMonths();
        if (Plan is not null && PeriodEnds <= Now)
        {
            FallDue();
        }
    }

    /// <summary>The queue carries out every refund that is owed.</summary>
    public void CarryOutRefunds()
    {
        foreach (var owed in _owed.ToList())
        {
            _owed.Remove(owed);
            GiveBack(owed);
        }
    }

    public void TopUp(string id, decimal credits) => _topUps[id] = (Put("topup", credits, null), credits);

    public void Grant(decimal credits, DateTimeOffset? ends) => Put("bonus", credits, ends);

    /// <summary>A charge-back: what is unspent of the top-up goes, the rest is debt, which whatever is free repays.</summary>
    public void Reverse(string id)
    {
        var (pot, credits) = _topUps[id];
        var taken = pot.Left;
        pot.Left = 0;
        Debt += credits - taken;
        Repay();
    }

    private decimal Of(string kind) => _pots.Where(pot => pot.Kind == kind).Sum(pot => pot.Left);

    private IEnumerable<DateTimeOffset> Moments()
    {
        foreach (var at in _generations.Values.Where(one => one.Status == "running").Select(one => one.ExpiresAt).Concat(_pots.Where(pot => pot.Left > 0 && pot.Ends is not null).Select(pot => pot.Ends!.Value)))
        {
            yield return at;
        }

        yield return new DateTimeOffset(Now.Year, Now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
        if (Plan is not null)
        {
            yield return PeriodEnds;
        }
    }

    private Pot Put(string kind, decimal credits, DateTimeOffset? ends)
    {
        var pot = new Pot(++_orders, kind, credits, ends);
        _pots.Add(pot);
        Repay();
        return pot;
    }

    /// <summary>While there is debt, nothing is free.</summary>
    private void Repay()
    {
        var repaid = Math.Min(Debt, Balance);
        Debt -= repaid;
        Take(repaid);
    }

    /// <summary>What expires first, then bonus, then top-up, oldest first.</summary>
    private List<(Pot Pot, decimal Amount)> Take(decimal credits)
    {
        var took = new List<(Pot, decimal)>();
        foreach (var pot in _pots.OrderBy(pot => pot.Ends ?? DateTimeOffset.MaxValue).ThenBy(pot => Array.IndexOf(Kinds, pot.Kind)).ThenBy(pot => pot.Order))
        {
            var part = Math.Min(pot.Left, credits);
            pot.Left -= part;
            credits -= part;
            if (part > 0)
            {
                took.Add((pot, part));
            }
        }

        return took;
    }

    /// <summary>Credits return to where they came from, those taken last first; where that has ended, as a bonus until the current period's end.</summary>
    private void GiveBack(Owed owed)
    {
        var (skip, left) = (owed.Generation.Returned, owed.Credits);
        foreach (var (pot, amount) in owed.Generation.Took.Reverse())
        {
            var skipped = Math.Min(skip, amount);
            var part = Math.Min(amount - skipped, left);
            (skip, left) = (skip - skipped, left - part);
            if (part > 0)
            {
                Return(pot, part);
            }
        }

        owed.Generation.Returned += owed.Credits;
        Repay();
        if (owed.Overage && !owed.Generation.OverageReturned)
        {
            owed.Generation.OverageReturned = true;
            _units[owed.Generation.OverageMonth!]--;
        }
    }

    private void Return(Pot pot, decimal credits)
    {
        if (pot.Ends is null || pot.Ends > Now)
        {
            pot.Left += credits;
            if (!_pots.Contains(pot))
            {
                _pots.Add(pot);
            }

            return;
        }

        _pots.Add(new Pot(++_orders, "bonus", credits, CurrentPeriodEnds));
    }

    private DateTimeOffset CurrentPeriodEnds
    {
        get
        {
            var anchor = Plan is null ? _createdAt : _anchor;
            var months = 0;
            while (anchor.AddMonths(months + 1) <= Now)
            {
                months++;
            }

            return anchor.AddMonths(months + 1);
        }
    }
}
