using Billing.Client;
using Billing.Client.Testing;

namespace Sample;

public sealed class OrderTests
{
    [Fact]
    public async Task An_order_that_credits_do_not_cover_says_where_to_buy_more()
    {
        await using var billing = BillingFake.Start();
        var shown = new List<string>();
        var orders = new ImageOrders(billing.Client, (generation, _) => Task.FromResult((int)generation.Units), shown.Add);

        await orders.TakeAsync("user-42", "order-1");
        await orders.TakeAsync("user-42", "order-2");

        Assert.Equal("3 of 3 images are ready.", shown[0]);
        Assert.StartsWith("That costs 6 credits, and 4 are left.", shown[1]);
        Assert.Equal(4, (await billing.Client.GetCreditsAsync(Customer.OfExternalId("user-42"))).Credits);
    }
}
