using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Generations;

/// <summary>A running generation is its own concurrency slot.</summary>
public sealed class ConcurrencyTests
{
    [Theory]
    [InlineData("free", 1)]
    [InlineData("pro", 5)]
    [InlineData("lifetime", 10)]
    public async Task A_hundred_at_once_get_no_more_slots_than_the_plan_has(string plan, int slots)
    {
        await using var world = await World.StartAsync(hosts: 2);
        var customer = await (await world.CustomerAsync("gleam", plan)).LimitedAsync(10_000);
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => customer.ServiceAt(i % 2).PostAsync("generations", Requests.Image)));
        Assert.Equal(slots, answers.Count(answer => answer.Status == 201));
        foreach (var refused in answers.Where(answer => answer.Status != 201))
        {
            refused.Refused(429, "CONCURRENCY_LIMIT");
            Assert.Equal(refused.Header("Retry-After"), refused.Text("retryAfter"));
        }

        // Slots come back when a generation is completed, fails and expires, on either host.
        var running = answers.Where(answer => answer.Status == 201).ToList();
        await customer.CompleteAsync(running[0]);
        var second = (await customer.ServiceAt(1).PostAsync("generations", Requests.Image)).Is(201);
        (await customer.TryAdmitAsync(Requests.Image)).Refused(429, "CONCURRENCY_LIMIT");
        await customer.FailAsync(second, "content_policy");
        await customer.AdmitAsync(Requests.Image);
        (await customer.ServiceAt(1).PostAsync("generations", Requests.Image)).Refused(429, "CONCURRENCY_LIMIT");

        await world.MoveAsync("2025-11-01T01:00:00Z");
        var later = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => customer.ServiceAt(i % 2).PostAsync("generations", Requests.Image)));
        Assert.Equal(slots, later.Count(answer => answer.Status == 201));
    }

    [Fact]
    public async Task A_crash_of_the_service_costs_a_slot_for_an_hour_at_most()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("gleam");
        var lost = await customer.AdmitAsync(Requests.Image);
        await world.CrashAsync(0);
        (await customer.TryAdmitAsync(Requests.Image)).Refused(429, "CONCURRENCY_LIMIT");
        await world.MoveAsync("2025-11-01T01:00:00Z");
        await customer.AdmitAsync(Requests.Image);
        Assert.Equal("expired", (await customer.Session.GetAsync($"generations/{lost.Text("id")}")).Is(200).Text("status"));
    }

    [Fact]
    public async Task Bloom_and_bluma_have_no_limit()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", "pro");
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => customer.TryAdmitAsync(Requests.Small)));
        Assert.All(answers, answer => answer.Is(201));
    }
}
