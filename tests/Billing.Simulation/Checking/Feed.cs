using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Events;
using Billing.Simulation.Runs;
using Billing.Webhooks;

namespace Billing.Simulation.Checking;

/// <summary>Proves that the seller's feed has every event of a workspace, once, in order.</summary>
internal static class Feed
{
    public static void Prove(World world, string workspaceId)
    {
        // What is older the lane may have deleted, and the workspace, which is swept on other days, not yet.
        var keptSince = world.Loop.Now - TimeSpan.FromDays(29);
        var told = Events(world, workspaceId).Where(one => one.Type != EventTypes.Ping && one.CreatedAt > keptSince).ToList();
        var fed = Events(world, SellerFeed.LaneOf(workspaceId)).Where(one => one.Source!.WorkspaceId == workspaceId).ToList();
        var numbers = fed.Select(one => one.Source!.Sequence).ToList();
        world.Require(numbers.SequenceEqual(numbers.Distinct().Order()), "An event is in the seller's feed once, in its workspace's order", () => $"{workspaceId}: {string.Join(' ', numbers)}");
        var missing = told.Where(one => !numbers.Contains(one.Sequence)).Select(one => one.Sequence).ToList();
        world.Require(missing.Count == 0, "The seller's feed has every event", () => $"{workspaceId}: {string.Join(' ', missing)} of {told.Count}");
        foreach (var one in told.Where(one => numbers.Contains(one.Sequence)))
        {
            var repeated = fed.Single(other => other.Source!.Sequence == one.Sequence);
            world.Require(repeated.Type == one.Type && repeated.Timestamp == one.Timestamp && repeated.Data.SequenceEqual(one.Data), "The seller's feed repeats what was told", () => $"{workspaceId}: {one.Sequence}");
        }
    }

    private static IEnumerable<BillingEvent> Events(World world, string workspaceId) =>
        world.Tables.Rows(new Partition(Table.Ledger, workspaceId), BillingEvent.Prefix).Select(row => RowJson.Read<BillingEvent>(row.Data));
}
