using System.Collections.Immutable;
using Billing.Engine.Committing;
using Billing.Engine.Rows;
using Billing.InMemory;
using Billing.TopUps;
using Billing.Workspaces;

namespace Billing.Tests.Committing;

/// <summary>Accounts with more grants than fit their row.</summary>
public sealed class OverflowGrantsTests
{
    private const int TopUps = 1_000;

    [Fact]
    public async Task The_largest_account_fits_its_row_and_an_admit_there_costs_what_it_costs_anywhere()
    {
        var world = await World.OpenAsync("bluma", plan: "pro");
        var writer = world.Process();
        await writer.DoAsync(world.Listen(20));
        await TopUpAsync(world, writer);
        await writer.DoAsync(Many);
        for (var i = 0; i < 6; i++)
        {
            await writer.DoAsync(world.Give(1_000_000, World.Start.AddDays(1).AddMilliseconds(i + 1)));
        }

        await writer.DoAsync(world.Admit(idempotencyKey: "warm"));
        var before = world.Store.Calls;

        await writer.DoAsync(world.Admit(idempotencyKey: "key"));

        Assert.Equal(new StoreCalls(Reads: 0, Lists: 0, Finds: 0, Commits: 1, Writes: 3), world.Store.Calls - before);
        Assert.InRange(world.WorkspaceRow.Data.Length, 5_632, 8 * 1024);
        Assert.Equal(TopUps + 47, (await world.AccountAsync()).Grants.Count);
        Assert.Equal(100_002, (await world.AccountAsync()).Running);
    }

    [Fact]
    public async Task A_cold_load_reads_the_overflow_once_and_a_warm_look_not_at_all()
    {
        var world = await World.OpenAsync(credits: 1);
        var writer = world.Process();
        await TopUpAsync(world, writer, 100);
        var before = world.Store.Calls;

        Assert.Equal(Credits.Of(2_001), (await world.Process().ReadAsync(World.WorkspaceId, default))!.Balance);
        Assert.Equal(2, (world.Store.Calls - before).Reads);

        // Another process changed the account, not its overflow grants.
        await world.Process().DoAsync(world.Admit());
        before = world.Store.Calls;
        Assert.Equal(Credits.Of(2_000), (await writer.ReadAsync(World.WorkspaceId, default))!.Balance);
        Assert.Equal(1, (world.Store.Calls - before).Reads);
    }

    [Fact]
    public async Task An_account_can_be_loaded_while_another_process_keeps_changing_it()
    {
        var world = await World.OpenAsync(credits: 1);
        var (here, there) = (world.Process(), world.Process());
        await TopUpAsync(world, here, 100);
        world.Store.AfterRead = async read =>
        {
            if (read.RowKey == "shelf" || read.RowKey == Workspace.RowKey)
            {
                world.Store.AfterRead = null;
                for (var i = 0; i < 3; i++)
                {
                    await here.DoAsync(world.Admit());
                }
            }
        };

        Assert.Equal(Credits.Of(2_001), (await there.ReadAsync(World.WorkspaceId, default))!.Balance);
    }

    [Fact]
    public async Task Overflow_grants_that_change_between_two_reads_are_read_again()
    {
        var world = await World.OpenAsync(credits: 1);
        var (here, there) = (world.Process(), world.Process());
        await TopUpAsync(world, here, 100);
        var changes = 3;
        world.Store.AfterRead = async read =>
        {
            if (read.RowKey == Workspace.RowKey && changes-- > 0)
            {
                await here.DoAsync(world.Buy(20, $"late {changes}"));
            }
        };

        Assert.Equal(Credits.Of(2_001 + 60), (await there.ReadAsync(World.WorkspaceId, default))!.Balance);
    }

    [Fact]
    public async Task A_thousand_top_ups_burn_down_as_a_plain_list_would()
    {
        var world = await World.OpenAsync(credits: 20);
        var writer = world.Process();
        await TopUpAsync(world, writer);
        var model = new Queue<long>(Enumerable.Repeat(20L, TopUps + 1));
        var random = new Random(11);
        var before = world.Store.Calls;
        var admits = 0;

        while (model.Sum() >= 40)
        {
            var costs = Enumerable.Range(0, random.Next(1, 3)).Select(_ => (long)random.Next(1, 21)).ToList();
            var admitted = await Task.WhenAll(costs.Select(cost => writer.DoAsync(world.Admit(cost))));
            for (var i = 0; i < costs.Count; i++)
            {
                Assert.Equal(Spend(model, costs[i]), admitted[i].Admission!.Generations[0].Draws.Select(draw => draw.Amount.ToDecimal()));
            }

            admits += costs.Count;
            if (random.Next(50) == 0)
            {
                writer = world.Process();
                Assert.Equal(model.Select(left => (decimal)left), (await world.AccountAsync()).Grants.All.Select(grant => grant.Left.ToDecimal()));
            }

            Assert.InRange(world.WorkspaceRow.Data.Length, 1, 8 * 1024);
        }

        // Three rows for each admit, the account for each commit, and the overflow grants now and then: 12 grants or more move at once.
        var calls = world.Store.Calls - before;
        Assert.InRange(calls.Writes, 2 * admits, 2 * admits + calls.Commits + TopUps / 12 + 10);
        await Audit.ProveAsync(world);
    }

    [Fact]
    public async Task What_comes_back_to_a_shelved_grant_is_found_there()
    {
        var world = await World.OpenAsync(credits: 1);
        var writer = world.Process();
        await TopUpAsync(world, writer, 60);
        var last = RowJson.Read<TopUp>(world.Rows(TopUp.Prefix).Single(row => RowJson.Read<TopUp>(row.Data).Reference == "payment 59").Data);
        await writer.DoAsync(new Work<TopUp>((unit, catalog) => TopUpDecisions.Reverse(unit, catalog, new ReverseTopUp(last.Id, "charge-back")))
        {
            Reads = [last.RowKey],
        });

        var workspace = await world.AccountAsync();

        Assert.Null(workspace.Grants.Find(last.GrantId));
        Assert.Equal(60, workspace.Grants.Count);
        await Audit.ProveAsync(world);
    }

    /// <summary>An account on which everything is as long as it gets.</summary>
    private static readonly Work<bool> Many = new((unit, catalog) =>
    {
        var grants = Enumerable.Range(0, 40).Select(number =>
            new Grant(1_000_000_000 + number, GrantKind.Bonus, new Credits(1_000_001_001), unit.Now.AddDays(20).AddMilliseconds(number + 1)));
        unit.Workspace = unit.Workspace with
        {
            Name = new string('ß', 200),
            Grants = BurnDown.Of(unit.Workspace.Grants.All.Concat(grants)),
            RunningSpans = new RunningSpans([.. Enumerable.Range(1, RunningSpans.Most).Select(number => new RunningSpan(number * 1_000_000_000L, (number * 1_000_000_000L) + 500_000_000, 6_250, unit.Now.AddMilliseconds(number)))]),
            PendingRefunds = 100_000,
            Entries = 1_000_000_000,
            EntriesByType = Enum.GetValues<EntryType>().ToImmutableSortedDictionary(type => type, _ => 1_000_000_000L),
            Events = 1_000_000_000,
            Overage = unit.Workspace.Overage with
            {
                Month = CalendarMonth.Of(unit.Now),
                Lines = [.. catalog.Plans.Concat(catalog.Plans).Select((plan, number) => new OverageLine(plan.Id, new Money(50 + number, "USD"), 1_000_000_000))],
                Credit = ImmutableSortedDictionary<string, long>.Empty.Add("USD", 1_000_000_000).Add("EUR", 1_000_000_000),
            },
            Subscription = unit.Workspace.Subscription! with { Next = new PlanChoice("enterprise", new Credits(3_000_001)), PaymentReference = new string('ß', 200), Payments = new PaymentStanding(unit.Now, 1_000, Former: true), PausesAt = unit.Now.AddYears(1) },
        };
        return true;
    });

    private static async Task TopUpAsync(World world, WorkspaceWriter writer, int count = TopUps)
    {
        for (var i = 0; i < count; i++)
        {
            await writer.DoAsync(world.Buy(20, $"payment {i}"));
        }
    }

    private static List<decimal> Spend(Queue<long> model, long cost)
    {
        var draws = new List<decimal>();
        var grants = model.ToList();
        model.Clear();
        foreach (var left in grants)
        {
            var taken = Math.Min(left, cost);
            cost -= taken;
            if (taken > 0)
            {
                draws.Add(taken);
            }

            if (left > taken)
            {
                model.Enqueue(left - taken);
            }
        }

        return draws;
    }
}
