using System.Diagnostics;
using Billing.Catalogs;
using Billing.Generations;
using Billing.RateLimits;
using Billing.Workspaces;

namespace Billing.Engine.Committing;

/// <summary>Work under way, with somebody waiting for its answer.</summary>
internal abstract class PendingWork(Work work)
{
    public Work Work => work;

    public ExecutionContext? Context { get; } = ExecutionContext.Capture();

    public Activity? Span { get; } = Activity.Current;

    /// <summary>How the key's limit stands, as of the decision taken last.</summary>
    public RateDecision? RateDecision { get; set; }

    /// <summary>True when the decision taken last was made on the workspace and declined: it must be confirmed on fresh state.</summary>
    public bool Declined { get; protected set; }

    /// <summary>True once it turned out that what it stores is larger than a transaction can be.</summary>
    public bool IsTooLarge { get; set; }

    /// <summary>False for what no limit counts: it was turned away for want of a slot.</summary>
    public bool CountsAsRequest { get; protected set; } = true;

    /// <summary>Gives a repeat its stored answer.</summary>
    /// <returns>False when the request was not carried out before, as far as it was looked up.</returns>
    public abstract bool TryReplay(UnitOfWork unit);

    public abstract void Decide(UnitOfWork unit, Catalog catalog);

    /// <summary>Declines it without asking its decision.</summary>
    public abstract void Refuse(UnitOfWork unit, Refusal refusal);

    public abstract void Answer();

    public abstract void NoSuchWorkspace();

    public abstract void Fail(Exception exception);
}

internal sealed class PendingWork<T>(Work<T> work, TaskCreationOptions answering) : PendingWork(work)
{
    private readonly TaskCompletionSource<WorkResult<T>?> _source = new(answering);
    private WorkResult<T>? _done;

    public Task<WorkResult<T>?> Task => _source.Task;

    public override void Decide(UnitOfWork unit, Catalog catalog)
    {
        var outcome = work.Decide(unit, catalog);
        var answer = outcome.TryGet(out var value, out var refusal) ? Store(unit, value) : null;
        Declined = refusal is not null || work.DeclinesInPart;
        CountsAsRequest = refusal?.Code != RefusalCodes.ConcurrencyLimit;
        _done = new WorkResult<T>(outcome, answer, Replayed: false, null, unit.Workspace);
    }

    public override void Refuse(UnitOfWork unit, Refusal refusal)
    {
        Declined = true;
        _done = new WorkResult<T>(refusal, Answer: null, Replayed: false, null, unit.Workspace);
    }

    public override void Answer() => _source.TrySetResult(_done! with { Rate = RateDecision });

    public override void NoSuchWorkspace() => _source.TrySetResult(null);

    public override void Fail(Exception exception) => _source.TrySetException(exception);

    public override bool TryReplay(UnitOfWork unit)
    {
        Declined = false;
        _done = work.Operation is not { } operation || !unit.TryFind<Record>(operation.RowKey, out var record) || StoredAnswer.In(record, work.Replay) is not { } stored ? null
            : stored.Fingerprint == operation.Fingerprint ? new WorkResult<T>(null, stored.Reply, Replayed: true, null, unit.Workspace)
            : new WorkResult<T>(Refusal.KeyReused(), null, Replayed: false, null, unit.Workspace);
        return _done is not null;
    }

    private Reply? Store(UnitOfWork unit, T value)
    {
        var answer = work.Answer?.Invoke(value);
        if (work.Operation is { } operation && answer is not null)
        {
            unit.Put(unit.TryFind<Admission>(operation.RowKey, out var admission)
                ? admission with { Answered = new AdmissionAnswer(operation.Fingerprint, unit.Workspace.Balance, admission.Generations[0].ExpiresAt) }
                : new Operation { Key = operation.RowKey, Fingerprint = operation.Fingerprint, Answer = StoredReply.Of(answer), CreatedAt = unit.Now });
        }

        return answer;
    }
}
