using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Workspaces;

/// <summary>Random parts, disputes and spending: in whatever order and however often news of a top-up come, it is the same in the end.</summary>
public sealed class ReversalOrderTests
{
    [Fact]
    public void Credits_less_debt_are_what_stays_paid_in_any_order_of_events()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var (bought, parts) = (random.NextInt64(20_000, 60_000), new List<(string Name, long Part, bool Won)>());
            for (var left = bought; left > 0 && parts.Count < 8;)
            {
                var part = parts.Count == 7 || random.Next(6) == 0 ? left : random.NextInt64(1, left + 1);
                parts.Add(($"re_{parts.Count}", part, random.Next(3) == 0));
                left -= part;
            }

            // Each is told one to three times, and won only after it was told; that it was, may be told again later, too.
            var told = parts.SelectMany(part => Enumerable.Repeat(part, random.Next(1, 4))).OrderBy(_ => random.Next()).ToList();
            var ends = new HashSet<decimal>();
            foreach (var order in new[] { told, [.. told.OrderBy(_ => random.Next())] })
            {
                ends.Add(Life(bought, order, random));
            }

            Assert.Equal([(10_000 + bought - parts.Where(part => !part.Won).Sum(part => part.Part)) / 1000m], ends);
        }
    }

    /// <summary>Lives through it, spending in between; gives credits less debt and what was spent.</summary>
    private static decimal Life(long bought, List<(string Name, long Part, bool Won)> order, Random random)
    {
        var workspace = Of("bloom");
        var topUp = workspace.Buy(bought / 1000m, "pay_1", cents: 777);
        var (spent, seen) = (0m, new HashSet<string>());
        foreach (var (name, part, won) in order)
        {
            if (workspace.Balance > 0 && workspace.Account.Debt == Credits.Zero && random.Next(2) == 0)
            {
                var cost = Math.Min(workspace.Balance, random.Next(1, 12));
                workspace.Make(cost);
                spent += cost;
            }

            var before = workspace.Balance - workspace.Account.Debt.ToDecimal();
            var outcome = workspace.TryReverse(topUp.Id, name, part / 1000m);
            Assert.Equal(before - (seen.Add(name) ? part / 1000m : 0), workspace.Balance - workspace.Account.Debt.ToDecimal());
            topUp = outcome.TryGet(out var changed, out var refusal) ? changed : throw new InvalidOperationException(refusal.Detail);
            Assert.True(topUp.Left >= Credits.Zero && topUp.Left <= topUp.Credits);
            if (won)
            {
                Assert.True(workspace.TryReinstate(topUp.Id, name).TryGet(out topUp!, out _));
                Repeated(workspace.TryReinstate(topUp.Id, name));
            }
        }

        return workspace.Balance - workspace.Account.Debt.ToDecimal() + spent;
    }
}
