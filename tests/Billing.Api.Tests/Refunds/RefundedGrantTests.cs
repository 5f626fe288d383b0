using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Refunds;

/// <summary>Where refunded credits go.</summary>
public sealed class RefundedGrantTests
{
    [Fact]
    public async Task Credits_return_to_the_grants_they_came_from()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", "plus");
        await customer.TopUpAsync(20);
        await customer.AdmitAsync(Requests.Bloom("4K", 20));
        await customer.AdmitAsync(Requests.Bloom("2K", 8));

        // 2 of the plan, 10 of the sign-up bonus, 8 of the top-up.
        var admitted = await customer.AdmitAsync(Requests.Bloom("2K", 20));
        Assert.Equal("12 0 12 0", await KindsAsync(customer));
        await customer.FailAsync(admitted);
        await customer.SeesCreditsAsync(32);
        Assert.Equal("32 2 20 10", await KindsAsync(customer));
    }

    [Fact]
    public async Task A_partial_refund_gives_back_what_was_drawn_last()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", "plus");
        await customer.AdmitAsync(Requests.Bloom("4K", 20));
        await customer.AdmitAsync(Requests.Bloom("2K", 8));
        var admitted = await customer.AdmitAsync(Requests.Bloom("2K", 12));
        await customer.CompleteAsync(admitted, 1);
        await customer.SeesCreditsAsync(11);
        Assert.Equal("11 1 0 10", await KindsAsync(customer));
    }

    [Fact]
    public async Task Where_the_grant_has_expired_they_become_a_bonus_until_the_periods_end()
    {
        await using var world = await World.StartAsync("2025-11-01T12:00:00Z");
        var customer = await world.CustomerAsync("bluma", "starter");
        await world.MoveAsync("2025-12-01T11:30:00Z");
        var admitted = await customer.AdmitAsync(Requests.FortyFive);
        await world.MoveAsync("2025-12-01T12:00:00Z");
        Assert.Equal("100 100 0 0", await KindsAsync(customer));
        await customer.FailAsync(admitted);
        await customer.SeesCreditsAsync(145);
        Assert.Equal("145 100 0 45", await KindsAsync(customer));
        await world.MoveAsync("2026-01-01T11:59:59.999Z");
        Assert.Equal("145 100 0 45", await KindsAsync(customer));
        await world.MoveAsync("2026-01-01T12:00:00Z");
        Assert.Equal("100 100 0 0", await KindsAsync(customer));
    }

    private static async Task<string> KindsAsync(Customer customer)
    {
        var credits = await customer.CreditsAsync();
        return string.Join(' ', new[] { "credits", "plan_credits", "top_up_credits", "bonus_credits" }.Select(credits.Text));
    }
}
