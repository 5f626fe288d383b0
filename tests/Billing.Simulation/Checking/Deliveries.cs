using Billing.Simulation.Runs;
using Billing.Webhooks;

namespace Billing.Simulation.Checking;

/// <summary>Proves that every event was delivered at least once to everyone who wants it and is still there.</summary>
internal static class Deliveries
{
    public static void Prove(World world, string workspaceId)
    {
        var partition = new Partition(Table.Ledger, workspaceId);
        var endpoints = world.Tables.Rows(partition, WebhookEndpoint.Prefix).Select(row => RowJson.Read<WebhookEndpoint>(row.Data)).ToDictionary(one => one.Id);

        // Deliveries are kept for 30 days, events for longer.
        var keptSince = world.Loop.Now - TimeSpan.FromDays(29);
        foreach (var told in world.Tables.Rows(partition, BillingEvent.Prefix).Select(row => RowJson.Read<BillingEvent>(row.Data)).Where(told => told.CreatedAt > keptSince))
        {
            foreach (var endpoint in told.Targets.Where(endpoints.ContainsKey).Select(id => endpoints[id]))
            {
                var row = world.Tables.Read(partition, WebhookDelivery.KeyOf(endpoint.Key, told.Sequence));
                var delivery = row is null ? null : RowJson.Read<WebhookDelivery>(row.Data);
                var name = $"{workspaceId}: event {told.Sequence} ({told.Type}) to {endpoint.Id}";
                if (!world.Require(delivery is not null, "Every event is handed over", () => name))
                {
                    continue;
                }

                world.Require(delivery!.Status != DeliveryStatus.Pending, "Every delivery comes to an end", () => $"{name}: {delivery}");
                var taken = world.Receivers.HasTaken(endpoint.Url, Ids.Of("evt", workspaceId, told.Sequence));
                world.Require(delivery.Status != DeliveryStatus.Succeeded || taken, "What counts as delivered was delivered", () => name);
                world.Require(
                    delivery.Status == DeliveryStatus.Succeeded || delivery.Failure is DeliveryFailure.EndpointGone or DeliveryFailure.EndpointDisabled or DeliveryFailure.AttemptsUsedUp,
                    "No delivery is given up without need",
                    () => $"{name}: {delivery.Failure}");
            }
        }

        // What a ghost leaves behind for an endpoint that was deleted meanwhile is never looked at.
        var waiting = world.Tables.Rows(partition, DueDelivery.Prefix).Where(row => endpoints.Values.Any(one => row.Key.Contains(one.Key, StringComparison.Ordinal))).ToList();
        world.Require(waiting.Count == 0, "Every delivery comes to an end", () => $"{workspaceId}: {waiting[0].Key} is left");
    }
}
