using Billing.Accounts;
using Billing.Engine.Directories;
using Billing.InMemory;

namespace Billing.Tests.Directories;

/// <summary>Lists of very many accounts.</summary>
public sealed class AccountIndexTests
{
    private const int Many = 100_000;
    private const int Added = 1_000;
    private static readonly string[] Products = ["bloom", "bluma", "gleam"];
    private static readonly string?[] Plans = [null, "free", "plus", "pro"];
    private static readonly string[] Statuses = ["active", "canceled", "none", "paused"];
    private static readonly DateTimeOffset Start = new(2025, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Of_a_hundred_thousand_each_list_begins_in_three_round_trips_and_is_whole_while_accounts_are_added()
    {
        var store = new InMemoryTableStore();
        var index = new AccountIndex(store, new AccountDirectory(store));
        for (var number = 0; number < Many; number++)
        {
            await index.AddAsync(Account(number), default);
        }

        var asked = new HashSet<(string, string?)>();
        store.BeforeRead = read =>
        {
            asked.Add((read.PartitionKey, read.RowKey));
            return Task.CompletedTask;
        };
        foreach (var (plan, status) in Plans.SelectMany(plan => Statuses.Prepend(null).Select(status => (plan, status))))
        {
            asked.Clear();
            var (page, more) = await index.ListAsync(Products, plan, status, after: null, most: 50, default);
            Assert.Equal(3, asked.Count);
            Assert.All(page, one => Assert.True((plan ?? one.Plan) == one.Plan && (status ?? one.PlanStatus) == one.PlanStatus));
            Assert.Equal(Expected(plan, status).Take(50), page.Select(one => one.AccountId));
            Assert.Equal(Expected(plan, status).Count() > 50, more);
        }

        store.BeforeRead = null;
        var (seen, after, number2) = (new List<string>(Many), (string?)null, Many);
        for (var more = true; more;)
        {
            (var page, more) = await index.ListAsync(Products, plan: null, status: null, after, most: 1_000, default);
            seen.AddRange(page.Select(one => one.AccountId));
            after = page[^1].Place;
            for (var end = Math.Min(number2 + 10, Many + Added); number2 < end; number2++)
            {
                await index.AddAsync(Account(number2), default);
            }
        }

        Assert.Equal(Many + Added, number2);
        Assert.Equal(Enumerable.Range(0, Many).Reverse().Select(IdOf), seen);
    }

    private static IEnumerable<string> Expected(string? plan, string? status) => Enumerable.Range(0, Many).Reverse()
        .Where(number => (plan is null || Plans[number % Plans.Length] == plan) && (status is null || Statuses[number / 7 % Statuses.Length] == status)).Select(IdOf);

    private static string IdOf(int number) => $"acct_{Ids.TextOf(number)}0000000";

    private static ListedAccount Account(int number) => new(
        IdOf(number), $"ws_0{Ids.TextOf(number)}000000", Products[number % Products.Length], "Ada", "ada@example.com", $"cus_{number}",
        Plans[number % Plans.Length], Statuses[number / 7 % Statuses.Length], Start.AddSeconds(number), ClosedAt: null);
}
