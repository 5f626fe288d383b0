using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Events;
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
                if (!world.Require(delivery is not null, "Every event is fanned out", () => name))
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

        // Nor is anything left of what was for endpoints that were removed meanwhile.
        var waiting = world.Tables.Rows(partition, ScheduledAttempt.Prefix).ToList();
        world.Require(waiting.Count == 0, "Every delivery comes to an end", () => $"{workspaceId}: {waiting[0].Key} is left");
    }
}
