using Microsoft.Extensions.Logging;

namespace Billing.Client;

/// <summary>What is worth a line. No key and no customer's name is in any of them.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(1, LogLevel.Information, "{Operation}: try {Attempt} came to {Outcome}; the next one in {Milliseconds} ms")]
    public static partial void Retried(ILogger logger, string operation, int attempt, string outcome, long milliseconds);

    [LoggerMessage(2, LogLevel.Warning, "{GenerationId}: the heartbeat failed; {Seconds} s are left until it expires")]
    public static partial void HeartbeatFailed(ILogger logger, Exception exception, string generationId, long seconds);

    [LoggerMessage(3, LogLevel.Warning, "{GenerationId}: it was settled elsewhere, or expired, while it was worked on; the work is canceled")]
    public static partial void Lost(ILogger logger, string generationId);

    [LoggerMessage(4, LogLevel.Warning, "{GenerationId}: settling failed; the next try in {Milliseconds} ms")]
    public static partial void SettlingFailed(ILogger logger, Exception exception, string generationId, long milliseconds);

    [LoggerMessage(5, LogLevel.Error, "{GenerationId}: the work failed, and that could not be told either; it expires and is refunded")]
    public static partial void FailureNotTold(ILogger logger, Exception exception, string generationId);

    [LoggerMessage(6, LogLevel.Information, "{GenerationId}: an earlier run settled it ({Status}); the work is not done again")]
    public static partial void AlreadySettled(ILogger logger, string generationId, string status);
}
