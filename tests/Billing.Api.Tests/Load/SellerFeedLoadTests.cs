using System.Globalization;
using System.Text.Json;
using Billing.Api.Tests.Worlds;
using Billing.Testing;
using Xunit.Abstractions;

namespace Billing.Api.Tests.Load;

/// <summary>Very many events from two Hosts, one of which is killed on the way. BILLING_FEED_EVENTS says how many; the emulator slows with each.</summary>
public sealed class SellerFeedLoadTests(ITestOutputHelper output)
{
    private const int Workspaces = 200;
    private static readonly int Events = int.Parse(Environment.GetEnvironmentVariable("BILLING_FEED_EVENTS") ?? "1000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Each_event_is_in_the_feed_once_and_none_is_missing_though_a_Host_was_killed()
    {
        await using var emulator = await Azurite.StartAsync();
        await using var world = await World.StartAsync(hosts: 2, shards: emulator);
        var rows = Json.Of(Enumerable.Range(0, Workspaces).Select(number => new { external_id = $"cus_{number}", name = "Ada", product = "bluma", plan = "starter" }));
        var imported = (await world.Operator.PostAsync("admin/imports", $$"""{"rows": {{rows}}}""")).Is(200);
        var ids = imported.At("results").EnumerateArray().Select(row => row.GetProperty("workspace_id").GetString()!).ToList();
        var done = 0;
        var killed = Task.CompletedTask;
        await Parallel.ForAsync(0, Events, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, _) =>
        {
            await BuyAsync(world, ids[number % Workspaces], number);
            if (Interlocked.Increment(ref done) == Events / 2)
            {
                killed = world.CrashAsync(1);
            }
        });
        await killed;
        var seen = new List<JsonElement>(Events);
        var (after, started) = ("", DateTimeOffset.UtcNow);
        while (seen.Count < Events)
        {
            var answer = await Eventually.SeeAsync(() => world.Operator.GetAsync($"admin/events?limit=1000{after}"), page => page.Status == 200 && page.At("events").GetArrayLength() > 0, TimeSpan.FromMinutes(3));
            seen.AddRange(answer.At("events").EnumerateArray());
            after = $"&after={answer.Text("next")}";
        }

        output.WriteLine($"{Events} events; the last of them was read {(DateTimeOffset.UtcNow - started).TotalSeconds:0.0} s after the last was told.");
        await world.QuietAsync();
        Assert.Equal(0, (await world.Operator.GetAsync($"admin/events?limit=1000{after}")).At("events").GetArrayLength());
        Assert.Equal(Events, seen.Select(one => one.GetProperty("id").GetString()).Distinct().Count());
        Assert.All(seen.GroupBy(one => one.GetProperty("workspace_id").GetString()), workspace =>
            Assert.Equal(Enumerable.Range(1, workspace.Count()), workspace.Select(one => one.GetProperty("sequence").GetInt32())));
        Assert.All(seen, one => Assert.StartsWith("cus_", one.GetProperty("external_id").GetString(), StringComparison.Ordinal));
    }

    /// <summary>Buys, again and again while the Host that was asked is gone: the reference counts once.</summary>
    private static async Task BuyAsync(World world, string workspaceId, int number)
    {
        for (var host = number % 2; ; host = 1 - host)
        {
            try
            {
                var answer = await world.OperatorAt(host).PostAsync($"admin/workspaces/{workspaceId}/top-ups", Json.Of(new { credits = 20, reference = $"ch_{number}" }));
                if (answer.Status is 200 or 201)
                {
                    return;
                }

                Assert.Equal(503, answer.Status);
            }
            catch (HttpRequestException)
            {
            }
        }
    }
}
