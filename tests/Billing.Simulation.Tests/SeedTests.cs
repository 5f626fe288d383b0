using Billing.Simulation.Runs;
using Billing.Simulation.Time;

namespace Billing.Simulation.Tests;

/// <summary>The everyday budget; <c>dotnet run --project tests/Billing.Simulation -c Release</c> does ten times as much.</summary>
public sealed class SeedTests
{
    [Fact]
    public void Whatever_fails_nothing_is_lost_or_doubled()
    {
        var campaign = Campaign.Run(first: 1, seeds: 200, operations: 100, Environment.ProcessorCount, stopAtFirst: true);

        Assert.True(
            campaign.Failures.IsEmpty,
            string.Join('\n', campaign.Failures.Select(failure => $"{failure.Violation}\ndotnet run --project tests/Billing.Simulation -c Release -- {failure.Options}")));
        Assert.Equal(200, campaign.Seeds);
        Assert.True(campaign.Figures.Outages > 100, $"A shard was away {campaign.Figures.Outages} times: too few to say anything of the others.");
    }

    [Theory]
    [InlineData(7)]
    [InlineData(42)]
    [InlineData(8)]
    [InlineData(41)]
    public void A_seed_is_the_same_run_turn_by_turn(int seed)
    {
        var first = OwnThread.Run(() => SeededRun.Run(new RunOptions((ulong)seed, 60)));
        var second = OwnThread.Run(() => SeededRun.Run(new RunOptions((ulong)seed, 60)));

        Assert.Equal(first.Digest, second.Digest);
        Assert.Equal(first.Figures, second.Figures);
        Assert.NotEqual(first.Digest, OwnThread.Run(() => SeededRun.Run(new RunOptions((ulong)seed + 1, 60))).Digest);
    }
}
