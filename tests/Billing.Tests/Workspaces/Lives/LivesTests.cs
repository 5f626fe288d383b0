using System.Text.Json.Nodes;
using Billing.Audits;
using Billing.Catalogs;
using Billing.Tests.Catalogs;
using Billing.Workspaces;
using Xunit.Sdk;

namespace Billing.Tests.Workspaces.Lives;

public sealed class LivesTests
{
    private const int Lives = 2_000;
    private const int Steps = 60;

    /// <summary>The shipped products, and one where everything meets: a free plan, concurrency, and overage at two prices.</summary>
    private static readonly Catalog[] Catalogs = [Request.Bloom, Request.Bluma, Request.Gleam, Catalog.Parse(Request.File("bloom", Mix))];

    [Fact]
    public void Two_thousand_random_lives_agree_with_the_plainest_bank()
    {
        var seen = new Seen();
        Parallel.For(0, Lives, seed =>
        {
            var life = Live(seed);
            lock (seen)
            {
                seen.Count(life);
            }
        });
        seen.Prove();
    }

    private static Life Live(int seed)
    {
        var life = new Life(seed, Catalogs[seed % Catalogs.Length]);
        try
        {
            for (var step = 0; step < Steps; step++)
            {
                life.Step();
            }

            Assert.Empty(Audited(life.Workspace));
        }
        catch (Exception exception)
        {
            throw new XunitException($"Seed {seed}, {life.Workspace.Catalog.Name}: {exception.Message}\n{string.Join('\n', life.Diary.TakeLast(40))}\n{exception.StackTrace}");
        }

        return life;
    }

    private static IReadOnlyList<string> Audited(LiveWorkspace workspace)
    {
        var replay = new LedgerReplay(workspace.Account);
        workspace.Entries.Reverse().ToList().ForEach(replay.Take);
        replay.End();
        return replay.Differences;
    }

    private static void Mix(JsonNode file)
    {
        var plans = file["plans"]!.AsArray();
        var free = plans[0]!.DeepClone();
        (free["id"], free["name"], free["allowance"], free["free"]) = ("free", "Free", 5, true);
        free["price"] = new JsonObject { ["amount_minor"] = 0, ["currency"] = "USD" };
        (free["concurrency"], plans[1]!["concurrency"]) = (2, 6);
        plans[0]!["overage"] = new JsonObject { ["amount_minor"] = 50, ["currency"] = "USD" };
        plans[2]!["overage"] = new JsonObject { ["amount_minor"] = 45, ["currency"] = "USD" };
        plans.Insert(0, free);
        file["default_plan"] = "free";
        file["grace_days"] = 5;
        file.AsObject().Remove("base");
    }

    /// <summary>How often the lives came by what the rules are hardest at: a generator that never gets there proves nothing.</summary>
    private sealed class Seen
    {
        private readonly Dictionary<string, int> _seen = [];

        public void Count(Life life)
        {
            var (workspace, bank) = (life.Workspace, life.Bank);
            Add("missed periods", workspace.Entries.Count(entry => entry.Metadata?.ContainsKey("missed_periods") is true));
            Add("debts repaid", workspace.Entries.Count(entry => entry.Description.StartsWith("Debt", StringComparison.Ordinal)));
            Add("debts repaid by refunds", workspace.Entries.Zip(workspace.Entries.Skip(1)).Count(two => two.First.Type == EntryType.Refund && two.Second.Description.StartsWith("Debt", StringComparison.Ordinal)));
            Add("invoices", bank.Invoices.Count);
            Add("batches in part on overage", workspace.Entries.Zip(workspace.Entries.Skip(1)).Count(two => two.Second.Description.Replace(" on overage", "", StringComparison.Ordinal) == two.First.Description));
            Add("partial refunds", bank.Jobs.Values.Count(job => job.Automatic is { Done: true } claim && claim.Credits > 0 && claim.Credits < job.Charge));
            Add("second refunds", bank.Jobs.Values.Count(job => job is { Automatic.Done: true, Manual.Done: true }));
            Add("refunds to ended grants", workspace.Entries.Count(entry => entry.Type == EntryType.Refund && entry.Draws?.Any(draw => draw.GrantId == entry.Sequence) is true));
            Add("expired generations", bank.Jobs.Values.Count(job => job.State == "expired"));
            Add("ended subscriptions", bank.Contract is { Ended: true } ? 1 : 0);
            bank.Seen.ToList().ForEach(pair => Add(pair.Key, pair.Value));
            Add("alerts", workspace.Events.Count(told => told.Type.StartsWith("credits.", StringComparison.Ordinal)));
        }

        public void Prove()
        {
            string[] rules =
            [
                "mixed charges", "mixed refunds", "falls to the default plan", "upgrades at once", "kept free credits",
                "free while paused", "free when paused for long", "canceled when paused for long",
                "payments told again", "older payments", "payments of one age", "pauses after grace", "debts repaid at once", "won disputes", "reversals of nothing",
                "paid top-ups", "payments told otherwise", "allowances at a price of the catalog's", "allowances at what was paid last",
            ];
            Assert.Empty(rules.Except(_seen.Keys));
            Assert.All(_seen, pair => Assert.True(pair.Value >= 20, $"only {pair.Value} {pair.Key}"));
        }

        private void Add(string what, int times) => _seen[what] = _seen.GetValueOrDefault(what) + times;
    }
}
