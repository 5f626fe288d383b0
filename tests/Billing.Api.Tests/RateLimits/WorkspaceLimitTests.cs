using Billing.Api.Generations;
using Billing.Api.Tests.Telemetry;
using Billing.Api.Tests.Worlds;
using Billing.Engine.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Api.Tests.RateLimits;

/// <summary>The plan's limit of a workspace that the service names: a window of its own, beside its keys'.</summary>
public sealed class WorkspaceLimitTests
{
    private static readonly string[] Headers = ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "RateLimit", "RateLimit-Policy"];

    [Theory]
    [InlineData("bloom", null, 120, 120)]
    [InlineData("bluma", "starter", 1_000, 5_000)]
    [InlineData("gleam", "pro", 100, 100)]
    public async Task Every_answer_tells_it_and_admits_alone_count(string product, string? plan, int limit, int inTest)
    {
        var customer = await (await World.Shared).CustomerAsync(product, plan);
        var left = limit;
        foreach (var answer in new[]
        {
            (await customer.Named.GetAsync("credits")).Is(200),
            (await customer.Named.GetAsync("credits?workspaceId=ws_0000000000000000")).Is(404),
            (await customer.Named.PostAsync("generations/check", "{}")),
            (await customer.Named.GetAsync("plans")).Is(200),
            (await customer.Named.GetAsync("nowhere")).Is(404),
        })
        {
            Assert.All(Headers, name => answer.Header(name));
            Assert.Equal(($"{limit}", $"{left}"), (answer.Header("X-RateLimit-Limit"), answer.Header("X-RateLimit-Remaining")));
        }

        var body = product switch { "bloom" => Requests.Small, "bluma" => Requests.Four, _ => Requests.Image };
        var admitted = (await customer.Named.PostAsync("generations", body)).Is(201);
        Assert.Equal($"{--left}", admitted.Header("X-RateLimit-Remaining"));
        var items = product == "gleam" ? 3 : 1;
        Assert.Equal($"{left -= items}", (await customer.Named.PostAsync("generations/batch", $$"""{"items": [{{string.Join(',', Enumerable.Repeat(body, product == "gleam" ? 3 : 2))}}]}""")).Is(201).Header("X-RateLimit-Remaining"));
        Assert.Equal($"{left}", (await customer.Named.PostAsync($"generations/{admitted.Text("id")}/complete", "{}")).Is(200).Header("X-RateLimit-Remaining"));
        // Keys have their own windows, and so has the test environment.
        Assert.Equal($"{limit}", (await customer.Service.GetAsync("credits")).Is(200).Header("X-RateLimit-Remaining"));
        var test = (await customer.NamedTest.PostAsync("generations", body)).Is(201);
        Assert.Equal(($"{inTest}", $"{inTest - 1}"), (test.Header("X-RateLimit-Limit"), test.Header("X-RateLimit-Remaining")));
        Assert.Equal($"{left}", (await customer.Named.GetAsync("credits")).Is(200).Header("X-RateLimit-Remaining"));
    }

    [Fact]
    public async Task No_window_admits_more_than_its_limit_on_three_hosts()
    {
        await using var world = await World.StartAsync(hosts: 3);
        var customer = await world.CustomerAsync("bloom", "max");
        Assert.Equal(120, await BurstAsync(200));
        await world.MoveAsync("2025-11-01T00:00:59.999Z");
        Assert.Equal(0, await BurstAsync(20));
        await world.MoveAsync("2025-11-01T00:01:00Z");
        Assert.Equal(50, await BurstAsync(50));
        Assert.Equal(40, await customer.LeftAsync());

        async Task<int> BurstAsync(int requests)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, requests).Select(i => world.ServiceFor(customer.WorkspaceId, host: i % 3).PostAsync("generations", Requests.Small)));
            Assert.All(answers.Where(answer => answer.Status != 201), answer => Assert.Equal("TOO_MANY_REQUESTS", answer.Refused(429, "TOO_MANY_REQUESTS").Text("code")));
            return answers.Count(answer => answer.Status == 201);
        }
    }

    [Fact]
    public async Task Slots_are_the_workspaces_whoever_names_it()
    {
        var customer = await (await World.Shared).CustomerAsync("gleam");
        var id = (await customer.Named.PostAsync("generations", Requests.Image)).Is(201).Text("id");
        (await customer.TryAdmitAsync(Requests.Image)).Refused(429, "CONCURRENCY_LIMIT");
        var refused = (await customer.Named.PostAsync("generations", Requests.Image)).Refused(429, "CONCURRENCY_LIMIT");
        Assert.Equal("4", refused.Header("X-RateLimit-Remaining"));
        (await customer.Named.PostAsync($"generations/{id}/complete", "{}")).Is(200);
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.Image));
    }

    [Fact]
    public async Task A_cold_one_is_a_point_read_and_a_warm_admit_is_one_commit()
    {
        await using var backstage = new Backstage();
        var (workspaceId, _) = await backstage.OpenAsync("bloom", "plus");
        await backstage.NameAsync(AdmitGeneration.Endpoint, workspaceId, new { size = "2K" });
        var before = backstage.Store.Calls;
        Assert.Equal(StatusCodes.Status201Created, (await backstage.NameAsync(AdmitGeneration.Endpoint, workspaceId, new { size = "2K" })).StatusCode);
        var warm = backstage.Store.Calls;
        Assert.Equal((0, 1), (warm.Reads - before.Reads, warm.Commits - before.Commits));
        await using var other = new Backstage(change: services => services.AddSingleton<ITableStore>(backstage.Store));
        var reads = new List<string>();
        backstage.Store.BeforeRead = read =>
        {
            reads.Add(read.RowKey ?? "(a list)");
            return Task.CompletedTask;
        };
        Assert.Equal(StatusCodes.Status404NotFound, (await other.NameAsync(AdmitGeneration.Endpoint, "nonsense", new { size = "2K" })).StatusCode);
        Assert.DoesNotContain(reads, read => read == "account");
        reads.Clear();
        Assert.Equal(StatusCodes.Status201Created, (await other.NameAsync(AdmitGeneration.Endpoint, workspaceId, new { size = "2K" })).StatusCode);
        // Its account to know that it is there, then what any cold admit reads: its account and its window.
        Assert.Equal(["account", "account", "rate:live"], reads.Order(StringComparer.Ordinal));
        Assert.Contains(backstage.Store.RowsOf(new Partition(Table.Ledger, workspaceId)), row => row.Key == "rate:live");
    }
}
