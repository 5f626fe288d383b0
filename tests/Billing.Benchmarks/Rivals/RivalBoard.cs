using Billing.Benchmarks.Measuring;

namespace Billing.Benchmarks.Rivals;

/// <summary>What one round of one load came to.</summary>
/// <param name="Load">Seen by the clients.</param>
/// <param name="Server">Processor time of the server process.</param>
/// <param name="Storage">Processor time of all that stores.</param>
/// <param name="Allocated">Bytes that the server process allocated.</param>
internal sealed record Turn(Sample Load, TimeSpan Server, TimeSpan Storage, long Allocated)
{
    public double PerSecond => Load.PerSecond;

    public double ServerMilliseconds => Server.TotalMilliseconds / Load.Operations;

    public double StorageMilliseconds => Storage.TotalMilliseconds / Load.Operations;

    public double AllMilliseconds => ServerMilliseconds + StorageMilliseconds;

    public double AllocatedKiB => Allocated / 1024.0 / Load.Operations;

    /// <summary>What so many per cent of the requests did not take longer than.</summary>
    public double Latency(int percent) => Load.Milliseconds.Percentile(percent);
}

/// <summary>The rounds of one candidate under one load.</summary>
internal sealed record RivalScore(string Load, string Name, List<Turn> Turns)
{
    /// <summary>Of the middle round.</summary>
    public double Median(Func<Turn, double> figure) => Turns.Select(figure).Median();

    /// <summary>How much of another's, in the middle round: both had the same machine in each.</summary>
    public double Against(RivalScore other, Func<Turn, double> figure) => Turns.Zip(other.Turns, (mine, theirs) => figure(mine) / figure(theirs)).Median();
}

/// <summary>Everybody under every load.</summary>
internal sealed class RivalBoard
{
    private readonly List<RivalScore> _scores = [];

    /// <summary>What each was seen to do, by its name.</summary>
    public Dictionary<string, Promises> Promises { get; } = [];

    public RivalScore Of(string load, string name) => Find(load, name) ?? throw new InvalidOperationException($"{name} was not measured: {load}.");

    public RivalScore? Find(string load, string name) => _scores.Find(score => (score.Load, score.Name) == (load, name));

    public void Add(string load, string name, Turn turn)
    {
        if (Find(load, name) is not { } score)
        {
            _scores.Add(score = new RivalScore(load, name, []));
        }

        score.Turns.Add(turn);
    }
}
