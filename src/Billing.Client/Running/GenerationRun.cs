using Microsoft.Extensions.Logging;

namespace Billing.Client;

/// <summary>One call of <see cref="IBillingClient.RunAsync"/>, which says what it promises.</summary>
internal sealed class GenerationRun(BillingClient client, BillingClientOptions options, ILogger logger)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private readonly TimeProvider _clock = options.Clock;

    public async Task<Run> RunAsync(
        Customer customer, GenerationRequest request, Func<Generation, CancellationToken, Task<WorkOutcome>> work, string idempotencyKey, CancellationToken cancellation)
    {
        using var span = ClientTelemetry.Source.StartActivity("Run");
        var admission = await client.AdmitAsync(customer, request, idempotencyKey, cancellation).ConfigureAwait(false);
        if (admission is not Admission.Admitted { Generation: var generation })
        {
            return new Run.Refused(((Admission.Refused)admission).Problem);
        }

        span?.SetTag("billing.generation.id", generation.Id);
        var now = generation.Replayed ? await TakeUpAsync(generation, cancellation).ConfigureAwait(false) : generation;
        if (now.Status != GenerationStatus.Running)
        {
            ClientLog.AlreadySettled(logger, now.Id, now.Status);
            return new Run.AlreadySettled(now);
        }

        await using var heartbeat = new Heartbeat(client, now, generation.ExpiresAt - generation.CreatedAt, _clock, logger);
        return await WorkAsync(generation, heartbeat, work, cancellation).ConfigureAwait(false);
    }

    /// <summary>The stored answer says how it stood when it was admitted. A heartbeat tells whether it still runs, and has it run on for as long again.</summary>
    /// <returns>As it is now.</returns>
    private async Task<Generation> TakeUpAsync(Generation generation, CancellationToken cancellation)
    {
        try
        {
            return await client.HeartbeatAsync(generation.Id, cancellation).ConfigureAwait(false);
        }
        catch (BillingRefusedException refused) when (refused.Problem.Code == ProblemCodes.AlreadySettled)
        {
            return await ReadAsync(generation, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<Run> WorkAsync(Generation generation, Heartbeat heartbeat, Func<Generation, CancellationToken, Task<WorkOutcome>> work, CancellationToken cancellation)
    {
        WorkOutcome outcome;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation, heartbeat.Lost);
        try
        {
            outcome = await work(generation, over.Token).ConfigureAwait(false);
            if (outcome.SucceededUnits is < 0 || outcome.SucceededUnits > generation.Units)
            {
                throw new InvalidOperationException($"The work says that it delivered {outcome.SucceededUnits} units; from 0 to {generation.Units} were asked for.");
            }
        }
        catch (OperationCanceledException) when (heartbeat.Lost.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return new Run.Lost(await ReadAsync(generation, cancellation).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            var reason = exception is GenerationFailedException failed ? failed.Reason : FailReasons.ServerError;
            await TellFailureAsync(generation, reason, cancellation).ConfigureAwait(false);
            throw;
        }

        return await SettleAsync(generation, outcome, cancellation).ConfigureAwait(false);
    }

    private async Task TellFailureAsync(Generation generation, string reason, CancellationToken cancellation)
    {
        try
        {
            await SettleAsync(generation, WorkOutcome.Failed(reason), cancellation).ConfigureAwait(false);
        }
        catch (BillingException exception)
        {
            // The work's own exception says more to the caller.
            ClientLog.FailureNotTold(logger, exception, generation.Id);
        }
    }

    private async Task<Run> SettleAsync(Generation generation, WorkOutcome outcome, CancellationToken cancellation)
    {
        var startedAt = _clock.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return RunOf(await TellAsync(generation, outcome).ConfigureAwait(false), generation, outcome);
            }
            catch (BillingException exception)
            {
                var pause = PauseAfter(attempt);
                if (IsFinal(exception) || cancellation.IsCancellationRequested || _clock.GetElapsedTime(startedAt) + pause > options.SettleWithin)
                {
                    throw new BillingUnsettledException(generation, SettlementOf(generation, outcome), exception);
                }

                ClientLog.SettlingFailed(logger, exception, generation.Id, (long)pause.TotalMilliseconds);
                await PauseAsync(pause, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Settles it, and where it has been settled, by an answer of ours that was lost or by somebody else, looks how.</summary>
    private async Task<Generation> TellAsync(Generation generation, WorkOutcome outcome)
    {
        try
        {
            return outcome.Reason is { } reason
                ? await client.FailAsync(generation.Id, reason, CancellationToken.None).ConfigureAwait(false)
                : await client.CompleteAsync(generation.Id, outcome.SucceededUnits, CancellationToken.None).ConfigureAwait(false);
        }
        catch (BillingRefusedException refused) when (refused.Problem.Code == ProblemCodes.AlreadySettled)
        {
            return await ReadAsync(generation, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static Run RunOf(Generation now, Generation admitted, WorkOutcome outcome) => now switch
    {
        { Status: GenerationStatus.Failed } when outcome.Reason == now.Reason => new Run.Failed(now),
        { Status: GenerationStatus.Completed } when outcome.Reason is null && now.SucceededUnits == (outcome.SucceededUnits ?? admitted.Units) => new Run.Completed(now),
        _ => new Run.Lost(now),
    };

    // By its workspace, which the service may always name: the customer's key may work no longer.
    private Task<Generation> ReadAsync(Generation generation, CancellationToken cancellation) =>
        client.GetGenerationAsync(Customer.OfWorkspace(generation.WorkspaceId, generation.TestMode), generation.Id, cancellation);

    /// <summary>True of a refusal that stays: the generation is gone, or the outcome is none. One of the service's key may pass when keys are exchanged.</summary>
    private static bool IsFinal(BillingException exception) => exception is BillingRefusedException { Problem.Status: not (401 or 403 or 429) };

    private static Settlement SettlementOf(Generation generation, WorkOutcome outcome) => outcome.Reason is { } reason
        ? Settlement.Failed(generation.Id, reason)
        : Settlement.Completed(generation.Id, outcome.SucceededUnits);

    private TimeSpan PauseAfter(int attempt)
    {
        var pause = options.BackoffAfter(attempt + 2);
        return pause < LongestPause ? pause : LongestPause;
    }

    /// <summary>Waits; a caller that gives up meanwhile ends the wait, and there is one more try.</summary>
    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(pause, _clock, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The next try is the last.
        }
    }
}
