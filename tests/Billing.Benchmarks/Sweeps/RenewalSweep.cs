using Billing.Engine.Due;
using Billing.Engine.Rows;

namespace Billing.Benchmarks.Sweeps;

/// <summary>What the renewal measures came to at one number of workspaces.</summary>
/// <param name="Total">Workspaces in storage.</param>
/// <param name="Percent">The run with one per cent of them due.</param>
/// <param name="Hundred">A run with a hundred due, however many there are.</param>
/// <param name="Nothing">A run with nothing due.</param>
/// <param name="Hour">Another hundred, with the timer running every five minutes through the hour in which they are due, and once after it.</param>
/// <param name="SeededPerSecond">How fast they were made.</param>
internal sealed record RenewalScore(int Total, Sweep Percent, Sweep Hundred, Sweep Nothing, Sweep Hour, double SeededPerSecond);

/// <summary>A renewal run where one per cent is due: its cost must follow what is due and not what there is.</summary>
internal sealed class RenewalSweep(string connectionString, int total)
{
    // The hour of the first run's due links is over at its instant, so it tidies them, too.
    private static readonly DateTimeOffset At = new(2025, 12, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = At.AddHours(6);
    private static readonly DateTimeOffset Evening = Later.AddHours(2);
    private static readonly TimeSpan TimerEvery = TimeSpan.FromMinutes(5);
    private readonly int _percent = total / 100;
    private readonly int _hundred = Math.Min(Hundred, total / 10);

    /// <summary>The same number, however many there are.</summary>
    public const int Hundred = 100;

    public async Task<RenewalScore> RunAsync()
    {
        await using var storage = await BenchmarkStorage.CreateAsync(connectionString);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var seeder = new Seeder(storage.Store);
        var ids = await seeder.SeedAsync($"{total:n0} workspaces", total, index => SeededWorkspace.Subscribed(SinceOf(index)));
        var seeded = total / watch.Elapsed.TotalSeconds;

        var clock = new StandingClock(At);
        var percent = await new SweepRun(storage, clock).RunAsync(Queues.Renewals, _percent);
        await CheckAsync(storage, [.. ids.Take(_percent).Where((_, index) => index % Math.Max(1, _percent / 50) == 0)], renewed: true);
        await CheckAsync(storage, [.. ids.Skip(_percent).Take(50)], renewed: false);
        var nothing = await new SweepRun(storage, clock).RunAsync(Queues.Renewals, 0);
        clock.Now = Later;
        var hundred = await new SweepRun(storage, clock).RunAsync(Queues.Renewals, _hundred);
        return new RenewalScore(total, percent, hundred, nothing, await HourAsync(storage, clock), seeded);
    }

    private async Task<Sweep> HourAsync(BenchmarkStorage storage, StandingClock clock)
    {
        Sweep? all = null;
        for (clock.Now = Evening.AddHours(-1) + TimerEvery; clock.Now <= Evening + TimerEvery; clock.Now += TimerEvery)
        {
            var run = await new SweepRun(storage, clock).RunAsync(Queues.Renewals, _hundred);
            all = all is null ? run : all + run;
        }

        return all!;
    }

    // The first per cent renews within the hour before At, a hundred within the hour before Later, a hundred before Evening, all others over the month after.
    private DateTimeOffset SinceOf(int index)
    {
        var within = TimeSpan.FromSeconds(index % 3_599 + 1);
        var dueAt = index < _percent ? At - within
            : index < _percent + _hundred ? Later - within
            : index < _percent + 2 * _hundred ? Evening - within
            : Evening.AddHours(2) + TimeSpan.FromSeconds((long)index * 2_000_000 / total);
        return dueAt.AddMonths(-1);
    }

    private static async Task CheckAsync(BenchmarkStorage storage, IReadOnlyList<string> workspaceIds, bool renewed)
    {
        foreach (var id in workspaceIds)
        {
            var stored = await WorkspaceRows.LoadAsync(storage.Store, id, null, default);
            if (stored!.Workspace is not { Subscription: { } subscription, Balance: var balance } || subscription.Period != (renewed ? 1 : 0) || balance != Credits.Of(100))
            {
                throw new InvalidOperationException($"{id} should {(renewed ? "" : "not ")}have been renewed: {stored}");
            }
        }
    }
}
