using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Billing.Accounts;
using Billing.Catalogs;
using Billing.RateLimits;

namespace Billing.Writing;

/// <summary>A <see cref="Work{T}"/> under way, whatever its type.</summary>
internal abstract class Rider
{
    /// <summary>Where it was asked for.</summary>
    public ExecutionContext? Context { get; } = ExecutionContext.Capture();

    /// <summary>The span in which it was asked for.</summary>
    public Activity? Span { get; } = Activity.Current;

    public abstract ImmutableArray<string> Reads { get; }

    public abstract OperationKey? Operation { get; }

    public abstract RateHit? Rate { get; }

    /// <summary>False for a mere rate-limit hit: whatever the account is, it is decided.</summary>
    public abstract bool ReadsAccount { get; }

    /// <summary>How the key's limit stands, as of the decision taken last.</summary>
    public RateDecision? RateDecision { get; set; }

    /// <summary>True when the decision taken last was made on the account and declined: it must be confirmed on fresh state.</summary>
    public bool Declined { get; protected set; }

    public abstract void Decide(Draft draft, Catalog catalog);

    public abstract void RefuseRate(Draft draft);

    public abstract void Answer();

    public abstract void NoSuchWorkspace();

    public abstract void Fail(Exception exception);
}

/// <inheritdoc/>
internal sealed class Rider<T>(Work<T> work, TaskCreationOptions answering) : Rider
{
    private readonly TaskCompletionSource<Done<T>?> _source = new(answering);
    private Done<T>? _done;

    public Task<Done<T>?> Task => _source.Task;

    public override ImmutableArray<string> Reads => work.Reads;

    public override OperationKey? Operation => work.Operation;

    public override RateHit? Rate => work.Rate;

    public override bool ReadsAccount => work.ReadsAccount;

    public override void Decide(Draft draft, Catalog catalog)
    {
        Declined = false;
        if (TryReplay(draft, out var replay))
        {
            _done = replay;
            return;
        }

        var outcome = work.Decide(draft, catalog);
        var answer = outcome switch
        {
            Outcome<T>.Accepted { Value: var value } => Store(draft, value),
            Outcome<T>.AlreadyApplied { Value: var value } => Store(draft, value),
            _ => null,
        };
        Declined = outcome is Outcome<T>.Declined;
        _done = new Done<T>(outcome, answer, Replayed: false, RateDecision, draft.Account);
    }

    public override void RefuseRate(Draft draft)
    {
        Declined = false;
        _done = new Done<T>(Outcome: null, Answer: null, Replayed: false, RateDecision, draft.Account);
    }

    public override void Answer() => _source.TrySetResult(_done);

    public override void NoSuchWorkspace() => _source.TrySetResult(null);

    public override void Fail(Exception exception) => _source.TrySetException(exception);

    private bool TryReplay(Draft draft, [NotNullWhen(true)] out Done<T>? replay)
    {
        replay = null;
        if (Operation is null || !draft.TryFind<Operation>(Operation.RowKey, out var stored))
        {
            return false;
        }

        replay = stored.Fingerprint == Operation.Fingerprint
            ? new Done<T>(null, stored.Reply, Replayed: true, RateDecision, draft.Account)
            : new Done<T>(Refusal.KeyReused(), null, Replayed: false, RateDecision, draft.Account);
        return true;
    }

    private Reply? Store(Draft draft, T value)
    {
        var answer = work.Answer?.Invoke(value);
        if (Operation is not null && answer is not null)
        {
            draft.Put(new Operation { Key = Operation.RowKey, Fingerprint = Operation.Fingerprint, Reply = answer, CreatedAt = draft.Now });
        }

        return answer;
    }
}
