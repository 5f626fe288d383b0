using System.Diagnostics;
using Billing.Api.Health;
using Billing.Engine.Ports;
using Billing.Testing;

namespace Billing.Api.Tests.Telemetry;

/// <summary>What <c>GET /health</c> says of storage that is half there.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task Queues_without_tables_are_not_healthy_and_the_answer_says_which()
    {
        await using var backstage = await StartAsync();
        backstage.Store.BeforeRead = _ => throw new StorageUnavailableException("It is down.");
        var health = await backstage.SendAsync(GetHealth.Endpoint, "nobody");

        Assert.Equal((503, "Storage does not answer: tables."), (health.GetProperty("status").GetInt32(), health.GetProperty("detail").GetString()));
        Assert.Equal(["tables failed", "queues ok"], ChecksOf(health));
        Assert.Contains(backstage.Told.Log, line => line.Event.Name == "Unhealthy");
    }

    [Fact]
    public async Task Tables_without_queues_are_not_healthy_either()
    {
        await using var backstage = new Backstage("DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=AAAA;TableEndpoint=http://127.0.0.1:9/t;QueueEndpoint=http://127.0.0.1:9/q;");

        Assert.Equal(["tables ok", "queues failed"], ChecksOf(await backstage.SendAsync(GetHealth.Endpoint, "nobody")));
    }

    [Fact]
    public async Task Storage_that_never_answers_is_not_waited_for()
    {
        await using var backstage = await StartAsync();
        backstage.Store.BeforeRead = _ => new TaskCompletionSource().Task;
        var began = Stopwatch.GetTimestamp();
        var health = await backstage.SendAsync(GetHealth.Endpoint, "nobody");

        Assert.Equal(["tables failed", "queues ok"], ChecksOf(health));
        Assert.InRange(Stopwatch.GetElapsedTime(began), HealthChecks.TimeLimit - TimeSpan.FromMilliseconds(100), HealthChecks.TimeLimit + TimeSpan.FromSeconds(10));
    }

    private static async Task<Backstage> StartAsync()
    {
        var backstage = new Backstage((await Azurite.Shared).ConnectionString);
        await backstage.Get<Storage.MessageQueue>().EnsureCreatedAsync(0, default);
        return backstage;
    }

    private static IEnumerable<string> ChecksOf(System.Text.Json.JsonElement health) =>
        health.GetProperty("checks").EnumerateArray().Select(check => $"{check.GetProperty("name")} {check.GetProperty("status")}");
}
