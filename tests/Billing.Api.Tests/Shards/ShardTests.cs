using System.Text;
using Billing.Api.Tests.Worlds;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Storage;
using Billing.Testing;

namespace Billing.Api.Tests.Shards;

[Collection(nameof(TwoShards))]
public sealed class ShardTests(TwoShards shards)
{
    private const string Later = "2025-12-03T12:00:00Z";
    private World World => shards.World;

    [Fact]
    public async Task Many_clients_spend_the_credits_of_workspaces_in_both_shards_exactly()
    {
        const int Credits = 40;
        var (first, second) = await shards.CustomersAsync(4, "bloom");
        Customer[] all = await Task.WhenAll(first.Concat(second).Select(customer => customer.LimitedAsync(10_000)));
        Assert.All(all, customer => Assert.StartsWith(first.Contains(customer) ? "ws_0" : "ws_1", customer.WorkspaceId, StringComparison.Ordinal));
        await Task.WhenAll(all.Select(async customer => await customer.GrantAsync(Credits - (int)await customer.LeftAsync())));

        var left = 2 * Credits * all.Length;
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(async client =>
        {
            var mine = new List<(string Workspace, int Status)>();
            for (var number = Interlocked.Decrement(ref left); number >= 0; number = Interlocked.Decrement(ref left))
            {
                var customer = all[number % all.Length];
                mine.Add((customer.WorkspaceId, (await customer.ServiceAt(client % 2).PostAsync("generations", Requests.Small)).Status));
            }

            return mine;
        }));

        var counts = answers.SelectMany(mine => mine).CountBy(one => one).ToDictionary();
        Assert.All(all, customer => Assert.Equal((Credits, Credits), (counts[(customer.WorkspaceId, 201)], counts[(customer.WorkspaceId, 402)])));
        await EveryBookIsRightAsync(all);
    }

    [Fact]
    public async Task Every_job_finds_what_is_due_in_both_shards_and_every_queue_is_consumed()
    {
        await using var receiver = new Webhooks.Receiver();
        var (first, second) = await shards.CustomersAsync(1, "bluma", "starter");
        foreach (var customer in first.Concat(second))
        {
            (await customer.Session.PostAsync("webhooks", Json.Of(new { url = receiver.Url, events = new[] { "credits.renewed" } }))).Is(201);
            var credits = 4 - await customer.LeftAsync();
            (await World.Operator.PostAsync($"admin/workspaces/{customer.WorkspaceId}/adjustments", Json.Of(new { credits, reason = "Goodwill" }), "its answer is kept for a day")).Is(201);
            await customer.AdmitAsync(Requests.Four);
            await customer.CompleteAsync(await customer.AdmitAsync(Requests.Four)); // on overage
            await customer.AdmitAsync(Requests.Four, "likewise, and settled by nobody, as the first");
        }

        await World.QuietAsync();
        await World.MoveAsync(Later);
        using var storage = World.OpenStorage();
        var (store, now) = (new TableStore(storage), DateTimeOffset.Parse(Later, null));
        var job = new DueJob(store, new MessageQueue(storage), new ShardMap([1, 1]), new StandingClock(now));
        foreach (var (name, _) in Schedules.All)
        {
            var due = await Task.WhenAll(Enumerable.Range(0, 2).Select(shard => store.FindDueAsync(shard, DueIndexEntry.Until(name, now), 1_000, default)));
            // Deliveries come into being with what the other jobs do.
            Assert.All(due, found => Assert.True(found.Length > 0 || name == Queues.Webhooks, $"{name} has nothing to do in one of the shards."));
            await Eventually.SeeAsync(() => RanAsync(job, name), ran => ran);
        }

        foreach (var customer in first.Concat(second))
        {
            await Eventually.SeeAsync(async () => (await World.Operator.GetAsync($"admin/workspaces/{customer.WorkspaceId}/invoices")).Is(200).Body, body => body.Contains("2025-11", StringComparison.Ordinal));
            await Eventually.SeeAsync(() => Task.FromResult(receiver.Arrivals.Count(arrival => Encoding.UTF8.GetString(arrival.Body).Contains(customer.WorkspaceId, StringComparison.Ordinal))), count => count > 0);
        }

        // What was due is done: the index of the past runs empty in both.
        foreach (var (name, _) in Schedules.All)
        {
            await Eventually.SeeAsync(
                async () =>
                {
                    await RanAsync(job, name);
                    return (await Task.WhenAll(Enumerable.Range(0, 2).Select(shard => store.FindDueAsync(shard, DueIndexEntry.Until(name, now.AddHours(-2)), 1, default)))).Sum(found => found.Length);
                },
                count => count == 0);
        }

        await EveryBookIsRightAsync([.. first, .. second]);
    }

    [Fact]
    public async Task A_shard_that_is_away_stops_its_own_workspaces_only()
    {
        var (first, second) = await shards.CustomersAsync(2, "bloom");
        Customer[] all = [.. first, .. second];
        foreach (var customer in all)
        {
            await customer.AdmitAsync(Requests.Small, "before");
        }

        await shards.StopAsync(1);
        foreach (var _ in Enumerable.Range(0, 3))
        {
            Assert.All(await Task.WhenAll(first.Select(customer => customer.TryAdmitAsync(Requests.Small))), answer => answer.Is(201));
            Assert.All(await Task.WhenAll(second.Select(customer => customer.TryAdmitAsync(Requests.Small, "meanwhile"))), answer =>
            {
                answer.Refused(503, "STORAGE_UNAVAILABLE");
                Assert.True(answer.Number("retryAfter") >= 1 && answer.Header("Retry-After") is { Length: > 0 });
            });
        }

        var health = (await World.Anyone.GetAsync("/health")).Is(200);
        Assert.Equal(("degraded", "degraded"), (health.Text("status"), health.Text("storage")));
        Assert.Equal(["0 ok", "0 ok", "1 failed", "1 failed"], health.Root.GetProperty("checks").EnumerateArray().Select(check => $"{check.GetProperty("shard")} {check.GetProperty("status")}"));
        foreach (var path in new[] { "renewals", "overage-charges", "expirations" }.Select(name => $"admin/jobs/{name}"))
        {
            Assert.Equal("[1]", (await World.Operator.PostAsync(path)).Is(200).Root.GetProperty("failed_shards").GetRawText());
        }

        Assert.Equal("[1]", (await World.Operator.GetAsync("admin/poison")).Is(200).Root.GetProperty("failed_shards").GetRawText());
        (await World.Operator.GetAsync($"admin/workspaces/{second[0].WorkspaceId}/audit")).Refused(503, "STORAGE_UNAVAILABLE");

        await shards.StartAsync(1);
        foreach (var customer in second)
        {
            await Eventually.SeeAsync(() => customer.TryAdmitAsync(Requests.Small, "meanwhile"), answer => answer.Status == 201);
            Assert.Equal("true", (await customer.AdmitAsync(Requests.Small, "before")).Header("Idempotent-Replayed"));
        }

        await Eventually.SeeAsync(() => World.Anyone.GetAsync("/health"), answer => answer.Status == 200 && answer.Text("status") == "ok");
        Assert.Equal("[]", (await World.Operator.PostAsync("admin/jobs/renewals")).Is(200).Root.GetProperty("failed_shards").GetRawText());
        await EveryBookIsRightAsync(all);
    }

    [Fact]
    public async Task While_the_directory_is_away_cached_callers_of_other_shards_go_on_and_cold_ones_wait()
    {
        var (first, second) = await shards.CustomersAsync(2, "bloom");
        await second[0].AdmitAsync(Requests.Small);

        await shards.StopAsync(0);
        (await second[0].TryAdmitAsync(Requests.Small)).Is(201);
        (await second[0].Named.PostAsync("generations", Requests.Small)).Is(201); // an id says where it lies
        (await second[1].ServiceAt(1).PostAsync("generations", Requests.Small)).Refused(503, "STORAGE_UNAVAILABLE");
        (await first[0].TryAdmitAsync(Requests.Small)).Refused(503, "STORAGE_UNAVAILABLE");
        (await World.Operator.PostAsync("admin/accounts", Json.Of(new { product = "bloom", name = "Ada", email = "ada@example.com" }))).Refused(503, "STORAGE_UNAVAILABLE");
        (await World.Anyone.GetAsync("/health")).Refused(503, "STORAGE_UNAVAILABLE");

        await shards.StartAsync(0);
        foreach (var customer in first.Concat(second))
        {
            await Eventually.SeeAsync(() => customer.TryAdmitAsync(Requests.Small), answer => answer.Status == 201);
        }

        await Eventually.SeeAsync(() => World.Anyone.GetAsync("/health"), answer => answer.Status == 200);
        await EveryBookIsRightAsync([.. first, .. second]);
    }

    [Fact]
    public async Task An_id_of_no_shard_is_not_found_for_customers_and_out_of_reach_for_those_whom_nobody_checks()
    {
        const string Nobodys = "ws_7000000000000000";
        var (first, _) = await shards.CustomersAsync(1, "bloom");
        (await first[0].Own.GetAsync($"credits?workspaceId={Nobodys}")).Refused(404, "NOT_FOUND");
        (await first[0].Own.GetAsync("generations/gen_7000000000000000abc")).Refused(404, "NOT_FOUND");
        (await World.Operator.GetAsync($"admin/workspaces/{Nobodys}")).Refused(503, "STORAGE_UNAVAILABLE");
        (await World.ServiceFor(Nobodys).PostAsync("generations", Requests.Small)).Refused(503, "STORAGE_UNAVAILABLE");
        (await World.Operator.GetAsync("admin/workspaces/ws_1000000000000000")).Refused(404, "NOT_FOUND");
    }

    /// <summary>An emulator that has much to do may let a call time out; whoever runs a job twice does no harm.</summary>
    private static async Task<bool> RanAsync(DueJob job, string name)
    {
        try
        {
            return (await job.RunAsync(name, default)).FailedShards.IsEmpty;
        }
        catch (StorageUnavailableException)
        {
            return false;
        }
    }

    private async Task EveryBookIsRightAsync(IEnumerable<Customer> customers)
    {
        foreach (var customer in customers)
        {
            var audit = (await World.Operator.GetAsync($"admin/workspaces/{customer.WorkspaceId}/audit")).Is(200);
            Assert.Equal("true", audit.Text("ok"));
            Assert.Equal(await customer.LeftAsync(), audit.Number("ledger_balance"));
        }
    }

    private sealed class StandingClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
