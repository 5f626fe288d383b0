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

    /// <summary>Refunded units that were invoiced already: credit on the next invoice, minor units by currency.</summary>
    public ImmutableSortedDictionary<string, long> Credit { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>When its month is over and is to be closed; null when nothing is on it.</summary>
    public DateTimeOffset? DueAt => Lines.IsEmpty ? null : Month?.EndsAt;

    public long Units => Lines.Sum(line => line.Units);

    /// <summary>What the units cost; null when there are none. One currency: a seller who changed it is shown the newest.</summary>
    public Money? Amount => Lines.IsEmpty
        ? null
        : Lines[^1].UnitPrice with { AmountMinor = Lines.Where(line => line.UnitPrice.Currency == Lines[^1].UnitPrice.Currency).Sum(line => line.UnitPrice.Times(line.Units).AmountMinor) };

    public OverageTab Add(CalendarMonth month, string plan, Money unitPrice, long units)
    {
        var at = IndexOf(plan, unitPrice);
        return this with
        {
            Month = month,
            Lines = at < 0
                ? Lines.Add(new OverageLine(plan, unitPrice, units))
                : Lines.SetItem(at, Lines[at] with { Units = Lines[at].Units + units }),
        };
    }

    /// <summary>Takes a refunded unit off the month it was admitted in, or credits it when that month was invoiced already.</summary>
    public OverageTab Refund(CalendarMonth month, string plan, Money unitPrice)
    {
        var at = IndexOf(plan, unitPrice);
        if (Month != month || at < 0)
        {
            return this with { Credit = Credit.SetItem(unitPrice.Currency, Credit.GetValueOrDefault(unitPrice.Currency) + unitPrice.AmountMinor) };
        }

        var lines = Lines[at].Units == 1 ? Lines.RemoveAt(at) : Lines.SetItem(at, Lines[at] with { Units = Lines[at].Units - 1 });
        return this with { Lines = lines, Month = lines.IsEmpty ? null : Month };
    }

    private int IndexOf(string plan, Money unitPrice)
    {
        for (var i = 0; i < Lines.Length; i++)
        {
            if (Lines[i].Plan == plan && Lines[i].UnitPrice == unitPrice)
            {
                return i;
            }
        }

        return -1;
    }
}
