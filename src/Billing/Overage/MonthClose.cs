using System.Collections.Immutable;
using Billing.Events;
using Billing.Workspaces;

namespace Billing.Overage;

/// <summary>The month-end charge: one invoice for a workspace's overage in a calendar month, once.</summary>
internal static class MonthClose
{
    /// <summary>Invoices the month on the tab, which is over, and empties the tab. Credit that is not used up stays for the next.</summary>
    public static void Close(UnitOfWork unit)
    {
        var tab = unit.Workspace.Overage;
        unit.Workspace = unit.Workspace with { Overage = tab with { Month = null, Lines = [], Owed = null } };

        // A catalog has one currency. A seller who changed it within the month owes its customers an invoice in each.
        foreach (var lines in tab.Lines.GroupBy(line => line.UnitPrice.Currency, StringComparer.Ordinal))
        {
            Charge(unit, tab.Month!.Value, lines.Key, [.. lines]);
        }
    }

    private static void Charge(UnitOfWork unit, CalendarMonth month, string currency, ImmutableArray<OverageLine> lines)
    {
        var credits = unit.Workspace.Overage.Credit;
        var due = lines.Sum(line => line.UnitPrice.Times(line.Units).AmountMinor);
        var used = Math.Min(due, credits.GetValueOrDefault(currency));
        var left = credits.GetValueOrDefault(currency) - used;
        var key = Invoice.Prefix + month;
        var invoice = new Invoice
        {
            Month = month.ToString(),
            Currency = unit.TryFind<Invoice>(key, out _) ? currency : null,
            Lines = lines,
            Credit = new Money(used, currency),
            Total = new Money(due - used, currency),
            CreatedAt = month.EndsAt,
        };
        unit.Put(invoice);
        unit.Workspace = unit.Workspace with
        {
            Overage = unit.Workspace.Overage with { Credit = left == 0 ? credits.Remove(currency) : credits.SetItem(currency, left) },
        };
        unit.Tell(EventTypes.OverageCharged, month.EndsAt, ImmutableSortedDictionary<string, Scalar>.Empty
            .Add("month", Scalar.Of(invoice.Month))
            .Add("units", Scalar.Of(lines.Sum(line => line.Units))), invoice.Total);
    }
}
