namespace Billing.Benchmarks.Measuring;

/// <summary>All rounds of one candidate.</summary>
/// <param name="Group">What it is compared within.</param>
/// <param name="Name">Who works.</param>
/// <param name="Clients">How many clients at once.</param>
/// <param name="Samples">One a round.</param>
internal sealed record Score(string Group, string Name, int Clients, List<Sample> Samples)
{
    /// <summary>Of the middle round.</summary>
    public double PerSecond => Samples.Select(sample => sample.PerSecond).Median();

    /// <summary>Of all requests of all rounds.</summary>
    public double Milliseconds(int percentile) => Samples.SelectMany(sample => sample.Milliseconds).Percentile(percentile);

    public Sample All => Sample.Of(Samples);

    /// <summary>How much faster than another, in the middle round: both had the same machine in each.</summary>
    public double Against(Score other) => Samples.Zip(other.Samples, (mine, theirs) => mine.PerSecond / theirs.PerSecond).Median();
}

/// <summary>Candidates in the order in which they were first seen.</summary>
internal sealed class Scoreboard
{
    private readonly List<Score> _scores = [];

    public IReadOnlyList<Score> Scores => _scores;

    public Score Of(string group, string name, int clients) =>
        _scores.Single(score => (score.Group, score.Name, score.Clients) == (group, name, clients));

    public bool Has(string group, string name, int clients) =>
        _scores.Exists(score => (score.Group, score.Name, score.Clients) == (group, name, clients));

    public void Add(string group, string name, int clients, Sample sample)
    {
        if (!Has(group, name, clients))
        {
            _scores.Add(new Score(group, name, clients, []));
        }

        Of(group, name, clients).Samples.Add(sample);
    }
}
