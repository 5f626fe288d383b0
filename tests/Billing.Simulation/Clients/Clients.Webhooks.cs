using System.Collections.Immutable;
using System.Text.Json;
using Billing.Engine.Committing;
using Billing.Events;
using Billing.Simulation.Time;
using Billing.Webhooks;
using Billing.Workspaces;

namespace Billing.Simulation.Clients;

internal sealed partial class Clients
{
    private static readonly ImmutableArray<string> Everything = EventTypes.OfCustomers.Remove(EventTypes.Ping);

    public async Task ListenAsync(Customer customer, Dice dice, string name)
    {
        ImmutableArray<string> events = [.. Everything.Where(_ => dice.Chance(800))];
        Credits? threshold = dice.Chance(500) ? Credits.Of(dice.Between(1, 10)) : null;
        var request = new Request<WebhookEndpoint>($"{name} listen", customer.WorkspaceId, _ =>
        {
            var id = Ids.Of("we", customer.WorkspaceId, Ids.Text(dice.Bytes(5)));
            var command = new CreateEndpoint(id, $"https://receiver.example/{id}", events, threshold, WebhookSignature.NewSecret(dice.Bytes(32)));
            return new Work<WebhookEndpoint>((unit, catalog) => EndpointDecisions.Create(unit, catalog, command));
        })
        {
            Operation = OperationFor("POST /webhooks", name, "", dice),
            Answer = endpoint => new Reply(201, JsonSerializer.Serialize(new { id = endpoint.Id })),
        };
        if (await Asker.AskAsync(request, dice) is { Outcome: Outcome<WebhookEndpoint>.Accepted { Value.Id: var created } })
        {
            customer.Endpoints.Add(created);
        }
    }

    public async Task PingAsync(Customer customer, Dice dice, string name)
    {
        if (customer.Endpoints.Count > 0)
        {
            var id = dice.Pick(customer.Endpoints);
            await Asker.AskAsync(OnEndpoint<WebhookDelivery>(customer, id, $"{name} ping {id}", unit => EndpointDecisions.Test(unit, id)), dice);
        }
    }

    public async Task ForgetAsync(Customer customer, Dice dice, string name)
    {
        if (customer.Endpoints.Count > 0)
        {
            var id = dice.Pick(customer.Endpoints);
            await Asker.AskAsync(OnEndpoint<WebhookEndpoint>(customer, id, $"{name} forget {id}", unit => EndpointDecisions.Delete(unit, id)), dice);
        }
    }

    private static Request<T> OnEndpoint<T>(Customer customer, string id, string label, Func<UnitOfWork, Outcome<T>> decide) =>
        new(label, customer.WorkspaceId, _ => new Work<T>((unit, _) => decide(unit)) { Reads = [WebhookEndpoint.KeyOf(id)] });
}
