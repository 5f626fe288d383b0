using System.Collections.Immutable;
using System.Text.Json;
using Billing.Accounts;
using Billing.Simulation.Time;
using Billing.Webhooks;
using Billing.Writing;

namespace Billing.Simulation.Clients;

internal sealed partial class Clients
{
    private static readonly string[] Everything =
    [
        EventTypes.CreditsLow, EventTypes.CreditsExhausted, EventTypes.CreditsRenewed, EventTypes.CreditsToppedUp, EventTypes.GenerationRefunded,
        EventTypes.OverageCharged, EventTypes.SubscriptionPaused, EventTypes.SubscriptionResumed,
    ];

    public async Task ListenAsync(Customer customer, Dice dice, string name)
    {
        ImmutableArray<string> events = [.. Everything.Where(_ => dice.Chance(800))];
        Credits? threshold = dice.Chance(500) ? Credits.Of(dice.Between(1, 10)) : null;
        var request = new Request<WebhookEndpoint>($"{name} listen", customer.WorkspaceId, _ =>
        {
            var id = Ids.Of("we", customer.WorkspaceId, Ids.Text(dice.Bytes(5)));
            var command = new CreateEndpoint(id, $"https://receiver.example/{id}", events, threshold, WebhookSignature.NewSecret(dice.Bytes(32)));
            return new Work<WebhookEndpoint>((draft, catalog) => EndpointDecisions.Create(draft, catalog, command));
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
            await Asker.AskAsync(OnEndpoint<WebhookDelivery>(customer, id, $"{name} ping {id}", draft => EndpointDecisions.Test(draft, id)), dice);
        }
    }

    public async Task ForgetAsync(Customer customer, Dice dice, string name)
    {
        if (customer.Endpoints.Count > 0)
        {
            var id = dice.Pick(customer.Endpoints);
            await Asker.AskAsync(OnEndpoint<WebhookEndpoint>(customer, id, $"{name} forget {id}", draft => EndpointDecisions.Delete(draft, id)), dice);
        }
    }

    private static Request<T> OnEndpoint<T>(Customer customer, string id, string label, Func<Draft, Outcome<T>> decide) =>
        new(label, customer.WorkspaceId, _ => new Work<T>((draft, _) => decide(draft)) { Reads = [WebhookEndpoint.KeyOf(id)] });
}
