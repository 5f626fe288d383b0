using Billing.Accounts;
using Billing.Engine.Directories;
using Billing.Engine.Ports;
using Billing.InMemory;

namespace Billing.Tests.Rows;

public sealed class SessionDirectoryTests
{
    private const string Ada = "acct_0123456789abcdef";
    private static readonly DateTimeOffset Start = new(2025, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly InMemoryTableStore _store = new();

    [Fact]
    public async Task What_has_ended_is_cleared_away_by_what_begins()
    {
        var directory = new SessionDirectory(_store);
        foreach (var hours in new[] { 0, 1, 12, 14 })
        {
            await directory.BeginAsync(Ada, Of(Start.AddHours(hours), hours), default);
        }

        var left = await LeftAsync(directory, 0, 1, 12, 14);
        Assert.Equal([12, 14], left);
    }

    [Fact]
    public async Task An_account_has_a_bounded_number_of_them_and_the_oldest_ends()
    {
        var directory = new SessionDirectory(_store);
        for (var number = 0; number < SessionDirectory.Most + 2; number++)
        {
            await directory.BeginAsync(Ada, Of(Start, number), default);
        }

        Assert.Equal(SessionDirectory.Most, _store.RowsOf(new Partition(Table.People, Ada)).Length);
        var left = await LeftAsync(directory, 0, 1, 2, SessionDirectory.Most + 1);
        Assert.Equal([2, SessionDirectory.Most + 1], left);
    }

    private static async Task<int[]> LeftAsync(SessionDirectory directory, params int[] numbers)
    {
        var left = await Task.WhenAll(numbers.Select(async number => (
            number,
            await directory.FindAsync(Ada, Of(Start, number).Id, default) ?? await directory.FindAsync(Ada, Of(Start.AddHours(number), number).Id, default))));
        return [.. left.Where(one => one.Item2 is not null).Select(one => one.number)];
    }

    private static Session Of(DateTimeOffset at, int number) => new(Ids.TimePart(at) + Ids.TextOf(number), at);
}
