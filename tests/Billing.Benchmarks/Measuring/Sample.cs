using Billing.Storage;

namespace Billing.Benchmarks.Measuring;

/// <summary>What one measure came to.</summary>
/// <param name="Operations">How many were carried out.</param>
/// <param name="Elapsed">In how long.</param>
/// <param name="Milliseconds">How long each took.</param>
internal sealed record Sample(int Operations, TimeSpan Elapsed, IReadOnlyList<double> Milliseconds)
{
    public double PerSecond => Operations / Elapsed.TotalSeconds;

    /// <summary>Requests to storage; null where they cannot be counted.</summary>
    public StorageRequests? Requests { get; init; }

    /// <summary>Transactions, where only they can be counted.</summary>
    public long? Commits { get; init; }

    /// <summary>Bytes allocated by this process, its load generator included; null where the work was done by another.</summary>
    public long? Allocated { get; init; }

    /// <summary>Processor time of this process, its load generator included; null where the work was done by another.</summary>
    public TimeSpan? Cpu { get; init; }

    /// <summary>Several as one.</summary>
    public static Sample Of(IReadOnlyList<Sample> samples) => new(
        samples.Sum(sample => sample.Operations),
        TimeSpan.FromTicks(samples.Sum(sample => sample.Elapsed.Ticks)),
        [.. samples.SelectMany(sample => sample.Milliseconds)])
    {
        Requests = samples[0].Requests is null ? null : samples.Select(sample => sample.Requests!.Value).Aggregate((one, other) => one.Plus(other)),
        Commits = samples.Sum(sample => sample.Commits),
        Allocated = samples[0].Allocated is null ? null : samples.Sum(sample => sample.Allocated),
        Cpu = samples[0].Cpu is null ? null : TimeSpan.FromTicks(samples.Sum(sample => sample.Cpu!.Value.Ticks)),
    };

    public double? RoundTrips => Requests is { } requests ? (double)requests.Total / Operations : null;

    public double? PerCommit => (Requests?.Commits ?? Commits) is { } commits and > 0 ? (double)Operations / commits : null;
}
