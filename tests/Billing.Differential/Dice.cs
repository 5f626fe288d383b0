namespace Billing.Differential;

/// <summary>Random numbers that a seed repeats.</summary>
internal sealed class Dice(int seed)
{
    private readonly Random _random = new(seed);

    public int Below(int count) => _random.Next(count);

    public bool Chance(int percent) => Below(100) < percent;

    public T Pick<T>(IReadOnlyList<T> these) => these[Below(these.Count)];

    public TimeSpan UpTo(TimeSpan most) => TimeSpan.FromMilliseconds(1 + _random.NextInt64((long)most.TotalMilliseconds));
}
