using Billing.Engine.Ports;
using Billing.Storage;

namespace Billing.Api.Jobs;

/// <summary>
/// What becomes of a message whose consumer failed. One that fails for a reason of its own is parked after five tries. An outage of storage is no fault of
/// the message's: it is tried again for seven days, with pauses that grow with the outage, and such tries are not counted against it.
/// </summary>
public sealed record MessageRetries
{
    /// <summary>Tries that a message may fail for a reason of its own.</summary>
    public const int MostFailures = 5;

    /// <summary>How long storage may be away before a message is given up.</summary>
    public static readonly TimeSpan LongestOutage = TimeSpan.FromDays(7);

    /// <summary>Deliveries in a row that may come to no end, because the process ends over the message or beside it.</summary>
    public const int MostUnended = 10;

    private const int ShortestPause = 5;
    private const int LongestPause = 300;

    /// <summary>What pauses are measured in; zero for tests, which do not wait.</summary>
    public TimeSpan Second { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A message that was given out again and again and never came to an end; null for any other.</summary>
    public static Disposition? KillsProcesses(ReceivedMessage message) => message.DequeueCount - message.Attempts.Ended > MostUnended
        ? new Disposition.Park($"{MostUnended} deliveries in a row came to no end: processes may have died over it.", null)
        : null;

    /// <summary>Decides.</summary>
    public Disposition After(ReceivedMessage message, Exception exception, DateTimeOffset now) =>
        exception is StorageUnavailableException ? AfterOutage(message.Attempts, exception, now) : AfterFailure(message.Attempts, exception);

    private static Disposition.Park Park(Exception exception) => new($"{exception.GetType().Name}: {exception.Message}", exception);

    private Disposition AfterFailure(Attempts attempts, Exception exception)
    {
        var failures = attempts.Failures + 1;
        return failures < MostFailures ? new Disposition.Again(new Attempts(failures, null), failures * failures * Second) : Park(exception);
    }

    // As long as storage has been away so far: that doubles from try to try.
    private Disposition AfterOutage(Attempts attempts, Exception exception, DateTimeOffset now)
    {
        var since = attempts.AwaySince ?? now;
        var pause = Math.Clamp((now - since).TotalSeconds, ShortestPause, LongestPause) * Second;
        return now - since < LongestOutage ? new Disposition.Again(attempts with { AwaySince = since }, pause) : Park(exception);
    }
}

/// <summary>What to do with a message now.</summary>
public abstract record Disposition
{
    /// <summary>Delete it.</summary>
    public sealed record Done : Disposition;

    /// <summary>Deliver it again.</summary>
    /// <param name="Attempts">What came of its tries so far.</param>
    /// <param name="Pause">After how long.</param>
    public sealed record Again(Attempts Attempts, TimeSpan Pause) : Disposition;

    /// <summary>Put it where an operator finds it.</summary>
    public sealed record Park(string Reason, Exception? Exception) : Disposition;
}
