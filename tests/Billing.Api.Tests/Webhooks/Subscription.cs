using System.Text.Json;
using Billing.Api.Tests.Worlds;
using Billing.Testing;

namespace Billing.Api.Tests.Webhooks;

/// <summary>A customer's webhook with its receiver.</summary>
internal sealed record Subscription(Customer Customer, Receiver Receiver, string Id, string Secret)
{
    public static async Task<Subscription> CreateAsync(Customer customer, Receiver receiver, params string[] events)
    {
        var created = (await customer.Session.PostAsync("webhooks", Json.Of(new { url = receiver.Url, events = events.Length > 0 ? events : ["credits.topped_up"], workspace_id = customer.WorkspaceId }))).Is(201);
        return new Subscription(customer, receiver, created.Text("id"), created.Text("secret"));
    }

    public async Task<Answer> TestAsync() => (await Customer.Session.PostAsync($"webhooks/{Id}/test")).Is(202);

    public async Task<Answer> DeliveriesAsync() => (await Customer.Session.GetAsync($"webhooks/{Id}/deliveries")).Is(200);

    /// <summary>The newest delivery, when it is as awaited.</summary>
    public async Task<JsonElement> SeesAsync(Func<JsonElement, bool> holds) => (await Eventually.SeeAsync(
        DeliveriesAsync, deliveries => deliveries.At("deliveries").GetArrayLength() > 0 && holds(deliveries.At("deliveries.0")))).At("deliveries.0");

    public Task<JsonElement> SeesAttemptsAsync(int count) => SeesAsync(delivery => delivery.GetProperty("attempt_count").GetInt32() >= count);

    /// <summary>The endpoint as the list shows it.</summary>
    public async Task<JsonElement> ShownAsync() => (await Customer.Session.GetAsync($"webhooks?workspaceId={Customer.WorkspaceId}")).Is(200)
        .At("webhooks").EnumerateArray().Single(webhook => webhook.GetProperty("id").GetString() == Id);
}
