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
    public async Task A_key_that_worked_here_is_looked_up_again_however_much_others_guess()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bloom");
        (await customer.Own.GetAsync("credits")).Is(200);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => world.AnyoneAt(0).As(Unknown(i)).GetAsync("credits")));
        (await world.Operator.PutAsync($"admin/api-keys/{customer.KeyId}/rate-limit", """{"limit": 1000}""")).Is(200); // it is not cached any more
        (await world.AnyoneAt(0).As(Unknown(200)).GetAsync("credits")).Refused(429, "TOO_MANY_REQUESTS");

        (await customer.Own.GetAsync("credits")).Is(200);
    }

    [Fact]
    public async Task Guesses_count_for_the_address_that_a_trusted_proxy_names()
    {
        await using var world = await World.StartAsync(settings: new Dictionary<string, string> { ["Billing__ClientAddressHeader"] = "X-Azure-ClientIP" });
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => GuessAsync(world, i, "203.0.113.7")));

        Assert.Equal(429, await GuessAsync(world, 200, "203.0.113.7"));
        Assert.Equal(401, await GuessAsync(world, 201, "203.0.113.8"));
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

    private static async Task<int> GuessAsync(World world, int number, string address)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(world.Hosts[0].Address, "api/v1/credits"));
        request.Headers.Authorization = new("Bearer", Unknown(number));
        request.Headers.Add("X-Azure-ClientIP", address);
        using var answer = await client.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private static string Unknown(int number) =>
        ApiKeySecret.New("bloom", KeyEnvironment.Production, [.. BitConverter.GetBytes(number), .. new byte[ApiKeySecret.RandomBytes - 4]]).Reveal();
}
