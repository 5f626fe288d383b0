namespace Billing.Client;

/// <summary>What a run came to.</summary>
public abstract record Run
{
    private Run()
    {
    }

    /// <summary>The work delivered, and that is settled.</summary>
    /// <param name="Generation">As it is now.</param>
    public sealed record Completed(Generation Generation) : Run;

    /// <summary>The work said that it failed, and that is settled.</summary>
    /// <param name="Generation">As it is now.</param>
    public sealed record Failed(Generation Generation) : Run;

    /// <summary>Refused; nothing was charged and the work did not run.</summary>
    /// <param name="Problem">Why.</param>
    public sealed record Refused(Problem Problem) : Run;

    /// <summary>An earlier run with the same idempotency key settled it, or it expired: the work did not run. A new attempt needs a new key.</summary>
    /// <param name="Generation">As it is now.</param>
    public sealed record AlreadySettled(Generation Generation) : Run;

    /// <summary>While the work ran, the generation expired or somebody else settled it otherwise: what this work made is not paid for.</summary>
    /// <param name="Generation">As it is now.</param>
    public sealed record Lost(Generation Generation) : Run;
}

/// <summary>What the work came to.</summary>
public sealed record WorkOutcome
{
    private WorkOutcome()
    {
    }

    /// <summary>Units that were delivered; null for all, or where it failed.</summary>
    public long? SucceededUnits { get; private init; }

    /// <summary>Why it failed; null where it did not.</summary>
    public string? Reason { get; private init; }

    /// <summary>Delivered. Fewer units than asked for: the rest is refunded.</summary>
    public static WorkOutcome Completed(long? succeededUnits = null) => new() { SucceededUnits = succeededUnits };

    /// <summary>Failed, for one of <see cref="FailReasons"/>.</summary>
    public static WorkOutcome Failed(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return new() { Reason = reason };
    }
}

/// <summary>Thrown by work that failed, to say why.</summary>
/// <param name="reason">One of <see cref="FailReasons"/>.</param>
/// <param name="message">For the log.</param>
/// <param name="inner">What went wrong.</param>
public class GenerationFailedException(string reason, string? message = null, Exception? inner = null) : Exception(message ?? $"The generation failed: {reason}", inner)
{
    /// <summary>One of <see cref="FailReasons"/>.</summary>
    public string Reason => reason;
}

/// <summary>
/// The work is done, and the backend could not be told: it expires and is refunded, unless <see cref="IBillingClient.SettleAsync"/> with
/// <see cref="Settlement"/> gets through before that.
/// </summary>
public sealed class BillingUnsettledException : BillingException
{
    internal BillingUnsettledException(Generation generation, Settlement settlement, BillingException inner)
        : base($"{generation.Id} could not be settled.", inner.Status, inner)
    {
        Generation = generation;
        Settlement = settlement;
        RequestId = inner.RequestId;
        Replayed = inner.Replayed;
    }

    /// <summary>As it was admitted.</summary>
    public Generation Generation { get; }

    /// <summary>What the backend should have been told.</summary>
    public Settlement Settlement { get; }
}
