using Billing.Engine.Rows;
using Billing.Workspaces;

namespace Billing.Tests.Workspaces;

public sealed class WorkspaceRowsTests
{
    private static readonly DateTimeOffset Now = LiveWorkspace.At("2025-11-01T00:00:00Z");
    private const string RowKey = Billing.Workspaces.Workspace.RowKey;
    private readonly Rows _rows = new();

    [Fact]
    public void Whatever_becomes_of_many_grants_they_are_read_back_as_they_were_written()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var rows = new Rows();
            var stored = Store(rows, Account(BurnDown.Empty), null);
            for (var step = 0; step < 250; step++)
            {
                var grants = stored.Workspace.Grants;
                for (var change = random.Next(1, 4); change > 0; change--)
                {
                    grants = Change(grants, random, step * 4 + change);
                }

                stored = Store(rows, stored.Workspace with { Grants = grants }, stored);
                Assert.InRange(rows.Find(RowKey)!.Data.Length, 1, 8_000);
                stored = Load(rows, random.Next(2) == 0 ? stored : null);
                Assert.True(grants.All.SequenceEqual(stored.Workspace.Grants.All), $"seed {seed}, step {step}");
                Assert.Equal(grants.Total, stored.Workspace.Grants.Total);
            }
        }
    }

    [Fact]
    public void An_account_with_two_thousand_grants_and_a_hundred_thousand_running_generations_stays_small()
    {
        var grants = BurnDown.Of(Enumerable.Range(1, BurnDown.MaxGrants).Select(id => new Grant(id, GrantKind.TopUp, Credits.Limit, null)));
        var workspace = Account(grants) with { RunningSpans = new([.. Enumerable.Range(1, RunningSpans.Most).Select(number => new RunningSpan(number * 1_000_000L, (number * 1_000_000L) + 500_000, 100_000, DateTimeOffset.UnixEpoch))]), Entries = 10_000_000, Subscription = LiveWorkspace.Of("bluma", plan: "starter").Subscription };
        Store(_rows, workspace, null);
        Assert.InRange(_rows.Find(RowKey)!.Data.Length, 1, 8_000);
        Assert.Equal(grants.Total, Load(_rows, null).Workspace.Grants.Total);
    }

    [Fact]
    public void Spending_rewrites_the_shelf_only_when_the_grants_at_hand_run_out()
    {
        var grants = BurnDown.Of(Enumerable.Range(1, 1_000).Select(id => new Grant(id, GrantKind.TopUp, Credits.Of(20), null)));
        var stored = Store(_rows, Account(grants), null);
        var rewritten = 0;
        for (var spent = 0; spent < 20_000; spent++)
        {
            var (after, writes) = WorkspaceRows.Store(stored.Workspace with { Grants = stored.Workspace.Grants.Spend(Credits.Of(1)).Left }, stored);
            rewritten += writes.Length - 1;
            stored = after with { ETag = "any" };
        }

        Assert.Equal(0, stored.Workspace.Grants.Count);
        Assert.InRange(rewritten, 1, 100);
    }

    private static BurnDown Change(BurnDown grants, Random random, int id)
    {
        if (grants.Count == 0 || random.Next(3) > 0)
        {
            var kind = random.Next(4) == 0 ? GrantKind.Bonus : GrantKind.TopUp;
            return grants.Add(new Grant(id, kind, new Credits(random.NextInt64(1, 30_000)), random.Next(3) == 0 ? Now.AddDays(random.Next(1, 300)) : null));
        }

        var any = grants.All[random.Next(grants.Count)];
        return random.Next(4) switch
        {
            0 => grants.Take(any, any.Left),
            1 => grants.Take(any, new Credits(random.NextInt64(0, any.Left.Thousandths + 1))),
            2 => grants.Add(any with { Left = Credits.Of(1) }),
            _ => grants.Spend(new Credits(random.NextInt64(0, grants.Total.Thousandths / 2 + 1))).Left,
        };
    }

    private static StoredWorkspace Store(Rows rows, Workspace workspace, StoredWorkspace? former)
    {
        var (stored, writes) = WorkspaceRows.Store(workspace, former);
        rows.Commit(writes);
        return stored with { ETag = rows.Find(RowKey)!.ETag };
    }

    private static StoredWorkspace Load(Rows rows, StoredWorkspace? known) =>
        WorkspaceRows.LoadAsync(rows, LiveWorkspace.Id, known, default).GetAwaiter().GetResult()!;

    private static Workspace Account(BurnDown grants) => new()
    {
        WorkspaceId = LiveWorkspace.Id,
        Product = "bloom",
        Name = "Studio",
        Type = WorkspaceType.Team,
        CreatedAt = Now,
        Grants = grants,
    };
}
