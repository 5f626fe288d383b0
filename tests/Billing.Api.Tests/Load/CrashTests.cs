using System.Collections.Concurrent;
using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Load;

/// <summary>Killing Hosts at any moment loses no answered admission and charges no retry twice.</summary>
public sealed class CrashTests
{
    private const int Clients = 12;
    private const int Crashes = 6;
    private const int Credits = 100_000;

    [Fact]
    public async Task Killed_hosts_lose_nothing_and_charge_nothing_twice()
    {
        await using var world = await World.StartAsync(hosts: 2);
        var customer = await (await world.CustomerAsync("bloom")).LimitedAsync(10_000);
        await customer.GrantAsync(Credits - 10);
        var answered = new ConcurrentDictionary<string, Answer>();
        using var done = new CancellationTokenSource();
        var working = Task.WhenAll(Enumerable.Range(0, Clients).Select(client => AdmitUntilAsync(customer, client, answered, done.Token)));

        var chance = new Random(20251101);
        for (var crash = 0; crash < Crashes; crash++)
        {
            await Task.Delay(chance.Next(100, 900), CancellationToken.None);
            await world.CrashAsync(crash % 2);
        }

        await done.CancelAsync();
        var keys = (await working).Sum();
        Assert.True(keys > Crashes, "The load was too small to say anything.");
        Assert.Equal(keys, answered.Count);
        await EveryAnswerStandsAsync(customer, answered);
    }

    /// <summary>Admits with one Idempotency-Key after the other, each sent until it is answered.</summary>
    /// <returns>How many keys were answered.</returns>
    private static async Task<int> AdmitUntilAsync(Customer customer, int client, ConcurrentDictionary<string, Answer> answered, CancellationToken done)
    {
        var number = 0;
        for (; !done.IsCancellationRequested; number++)
        {
            var key = $"{client}-{number}";
            for (var attempt = client; !answered.ContainsKey(key); attempt++)
            {
                if (await TryAsync(customer, attempt % 2, key) is { Status: not 503 } answer)
                {
                    answered[key] = answer.Is(201);
                }
                else
                {
                    await Task.Delay(20, CancellationToken.None);
                }
            }
        }

        return number;
    }

    private static async Task<Answer?> TryAsync(Customer customer, int host, string key)
    {
        try
        {
            return await customer.ServiceAt(host).PostAsync("generations", Requests.Small, key);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            return null; // Killed: nobody knows whether it was stored.
        }
    }

    private static async Task EveryAnswerStandsAsync(Customer customer, ConcurrentDictionary<string, Answer> answered)
    {
        var ids = answered.Values.Select(answer => answer.Text("id")).ToHashSet();
        Assert.Equal(answered.Count, ids.Count);
        var entries = await customer.EntriesAsync();
        var charged = entries.Where(entry => entry.GetProperty("type").GetString() == "deduction").ToList();
        Assert.Equal(ids.Order(StringComparer.Ordinal), charged.Select(entry => entry.GetProperty("metadata").GetProperty("generation_id").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(Credits - answered.Count, await customer.LeftAsync());
        Assert.Equal(Credits - answered.Count, entries.Sum(entry => entry.GetProperty("amount").GetDecimal()));

        // The stored answers are still given, by whichever host.
        foreach (var (key, answer) in answered.Take(20))
        {
            var again = (await customer.ServiceAt(1).PostAsync("generations", Requests.Small, key)).Is(201);
            Assert.Equal((answer.Body, "true"), (again.Body, again.Header("Idempotent-Replayed")));
        }

        var audit = (await customer.World.Operator.GetAsync($"admin/workspaces/{customer.WorkspaceId}/audit")).Is(200);
        Assert.Equal(("true", answered.Count), (audit.Text("ok"), audit.Number("running")));
    }
}
