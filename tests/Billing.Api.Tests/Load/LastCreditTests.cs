using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Load;

/// <summary>Many clients at once on the credits of one workspace.</summary>
public sealed class LastCreditTests
{
    [Fact]
    public async Task Sixty_four_clients_and_two_hosts_spend_a_thousand_credits_exactly()
    {
        await using var world = await World.StartAsync(hosts: 2);
        var customer = await (await world.CustomerAsync("bloom", "scale", 990)).LimitedAsync(10_000);
        Assert.Equal(1_000, await customer.LeftAsync());

        var left = 2_000;
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(async client =>
        {
            var mine = new List<Answer>();
            while (Interlocked.Decrement(ref left) >= 0)
            {
                mine.Add(await customer.ServiceAt(client % 2).PostAsync("generations", Requests.Small));
            }

            return mine;
        }));

        var byStatus = answers.SelectMany(mine => mine).ToLookup(answer => answer.Status);
        Assert.Equal((1_000, 1_000), (byStatus[201].Count(), byStatus[402].Count()));
        Assert.All(byStatus[402], answer => answer.Refused(402, "INSUFFICIENT_CREDITS"));
        Assert.Equal(1_000, byStatus[201].Select(answer => answer.Text("id")).Distinct().Count());
        Assert.Equal(0, await customer.LeftAsync());

        var entries = await customer.EntriesAsync();
        Assert.Equal((1_002, 0), (entries.Count, entries.Sum(entry => entry.GetProperty("amount").GetDecimal())));
        var audit = (await world.Operator.GetAsync($"admin/workspaces/{customer.WorkspaceId}/audit")).Is(200);
        Assert.Equal(("true", 1_002, 0), (audit.Text("ok"), audit.Number("entries"), audit.Number("ledger_balance")));
    }
}
