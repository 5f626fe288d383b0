namespace Billing.Testing;

/// <summary>Waits for what happens by itself.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(45);

    /// <summary>Looks until <paramref name="holds"/> is true of what it sees.</summary>
    /// <exception cref="TimeoutException">It never was; the message has what was seen last.</exception>
    public static async Task<T> SeeAsync<T>(Func<Task<T>> look, Func<T, bool> holds, TimeSpan? limit = null)
    {
        var most = limit ?? Limit;
        var deadline = Environment.TickCount64 + (long)most.TotalMilliseconds;
        for (var pause = 20; ; pause = Math.Min(pause * 2, 250))
        {
            var seen = await look();
            if (holds(seen))
            {
                return seen;
            }

            if (Environment.TickCount64 > deadline)
            {
                throw new TimeoutException($"It did not come about within {most.TotalSeconds} s. Seen last: {seen}");
            }

            await Task.Delay(pause);
        }
    }
}
