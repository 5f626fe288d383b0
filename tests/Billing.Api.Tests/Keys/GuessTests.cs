using Billing.Api.Tests.Worlds;
using Billing.Keys;

namespace Billing.Api.Tests.Keys;

/// <summary>Who guesses keys is slowed down; nobody else is.</summary>
public sealed class GuessTests
{
    [Fact]
    public async Task A_flood_of_guesses_is_limited_and_known_keys_go_on()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bloom", "pro");
        (await customer.Own.GetAsync("credits")).Is(200);
        for (var i = 0; i < 60; i++)
        {
            (await world.AnyoneAt(0).As($"{customer.Key[..^6]}{i:000000}").GetAsync("credits")).Refused(401, "UNAUTHORIZED");
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => world.AnyoneAt(0).As(Unknown(i)).GetAsync("credits")));
        Assert.All(answers, answer => answer.Refused(answer.Status, answer.Status == 401 ? "UNAUTHORIZED" : "TOO_MANY_REQUESTS"));
        var refused = (await world.AnyoneAt(0).As(Unknown(200)).GetAsync("credits")).Refused(429, "TOO_MANY_REQUESTS");
        Assert.Equal(("60", "60"), (refused.Header("Retry-After"), refused.Text("retryAfter")));
        (await customer.Own.GetAsync("credits")).Is(200);
        await customer.AdmitAsync(Requests.Small);

        await world.MoveAsync("2025-11-01T00:01:00Z");
        (await world.AnyoneAt(0).As(Unknown(201)).GetAsync("credits")).Refused(401, "UNAUTHORIZED");
    }

    [Fact]
    public async Task A_customer_who_goes_on_with_a_revoked_key_shuts_nobody_out()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bloom");
        (await customer.Session.DeleteAsync($"api-keys/{customer.KeyId}")).Is(200);
        for (var i = 0; i < 60; i++)
        {
            (await customer.Own.GetAsync("credits")).Refused(401, "UNAUTHORIZED");
        }

        (await (await customer.WithKeyAsync()).Own.GetAsync("credits")).Is(200);
    }

    private static string Unknown(int number) =>
        KeyText.New("bloom", KeyEnvironment.Production, [.. BitConverter.GetBytes(number), .. new byte[KeyText.RandomBytes - 4]]).Reveal();
}
