using System.Collections.Immutable;

namespace Billing.Workspaces;

/// <summary>Overage units of one calendar month at one price.</summary>
/// <param name="Plan">The plan they were admitted on.</param>
public sealed record OverageLine(string Plan, Money UnitPrice, long Units);

/// <summary>What a workspace owes for overage and has not been invoiced.</summary>
/// <remarks>Invariant: all units belong to one calendar month; that month is closed before the first unit of another is added.</remarks>
public sealed record OverageTab
{
    public static readonly OverageTab Empty = new();

    /// <summary>The month of the units; null when there are none.</summary>
    public CalendarMonth? Month { get; init; }

    public ImmutableArray<OverageLine> Lines { get; init; } = [];

    /// <summary>Units of the month that are to be given back and have not been yet: they are not invoiced any more. Null for none.</summary>
    public ImmutableArray<OverageLine>? Owed { get; init; }

    /// <summary>Refunded units that were invoiced already: credit on the next invoice, minor units by currency.</summary>
    public ImmutableSortedDictionary<string, long> Credit { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>When its month is over and is to be closed; null when nothing is on it.</summary>
    public DateTimeOffset? DueAt => Month?.EndsAt;

    /// <summary>Units that were taken and not given back.</summary>
    public long Units => All.Sum(line => line.Units);

    /// <summary>What the units cost; null when there are none. One currency: a seller who changed it is shown the newest.</summary>
    public Money? Amount => All is not [.., var newest]
        ? null
        : newest.UnitPrice with { AmountMinor = All.Where(line => line.UnitPrice.Currency == newest.UnitPrice.Currency).Sum(line => line.UnitPrice.Times(line.Units).AmountMinor) };

    private ImmutableArray<OverageLine> All => [.. Owed ?? [], .. Lines];

    public OverageTab Add(CalendarMonth month, string plan, Money unitPrice, long units) => this with { Month = month, Lines = With(Lines, plan, unitPrice, units) };

    /// <summary>A unit is to be given back: it is taken off what the month it was admitted in will be invoiced, or credited when that month was invoiced already.</summary>
    public OverageTab Owe(CalendarMonth month, string plan, Money unitPrice) => Month == month && Holds(Lines, plan, unitPrice)
        ? this with { Lines = With(Lines, plan, unitPrice, -1), Owed = With(Owed ?? [], plan, unitPrice, 1) }
        : this with { Credit = Credit.SetItem(unitPrice.Currency, Credit.GetValueOrDefault(unitPrice.Currency) + unitPrice.AmountMinor) };

    /// <summary>The unit was given back.</summary>
    public OverageTab GiveBack(CalendarMonth month, string plan, Money unitPrice)
    {
        if (Month != month || Owed is not { } owed || !Holds(owed, plan, unitPrice))
        {
            return this;
        }

        var left = With(owed, plan, unitPrice, -1);
        return this with { Owed = left.IsEmpty ? null : left, Month = left.IsEmpty && Lines.IsEmpty ? null : Month };
    }

    private static bool Holds(ImmutableArray<OverageLine> lines, string plan, Money unitPrice) => lines.Any(line => line.Plan == plan && line.UnitPrice == unitPrice);

    private static ImmutableArray<OverageLine> With(ImmutableArray<OverageLine> lines, string plan, Money unitPrice, long more)
    {
        if (lines.FirstOrDefault(line => line.Plan == plan && line.UnitPrice == unitPrice) is not { } known)
        {
            return lines.Add(new OverageLine(plan, unitPrice, more));
        }

        var units = known.Units + more;
        return units == 0 ? lines.Remove(known) : lines.Replace(known, known with { Units = units });
    }
}
