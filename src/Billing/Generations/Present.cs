using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Subscriptions;
using Billing.Workspaces;

namespace Billing.Generations;

/// <summary>Brings a workspace to the present before anything is decided: what is due, and generations that nobody settled in time, each in its month.</summary>
public static class Present
{
    /// <param name="expired">Generations that may have expired.</param>
    /// <param name="more">True when those are not all.</param>
    /// <returns>False when it is not there yet and another commit is to go on.</returns>
    public static bool To(UnitOfWork unit, Catalog catalog, ImmutableArray<string> expired, bool more)
    {
        // What expired before a month was over was to be refunded by then, whoever looks when: it is not invoiced.
        if (unit.Workspace.Overage.DueAt is { } closesAt && closesAt <= unit.Now)
        {
            var settled = expired.Where(id => SettleDecisions.Expire(unit, id, closesAt)).ToList();
            if (more && settled.Count > 0)
            {
                return false;
            }
        }

        if (!DueChanges.To(unit, catalog))
        {
            return false;
        }

        foreach (var id in expired)
        {
            SettleDecisions.Expire(unit, id);
        }

        return true;
    }
}
