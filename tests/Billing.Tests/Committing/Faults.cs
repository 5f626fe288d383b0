using System.Collections.Immutable;
using Billing.Engine.Ports;

namespace Billing.Tests.Committing;

/// <summary>What goes wrong with one call.</summary>
public enum Fault
{
    /// <summary>It is refused before anything is done.</summary>
    FailsBefore,

    /// <summary>It is done, and the answer is lost.</summary>
    AnswerLost,

    /// <summary>A commit is not stored, and nobody says so.</summary>
    NeverArrives,

    /// <summary>A commit is stored, without an answer, just before the next one arrives.</summary>
    ArrivesLate,

    /// <summary>A commit arrives, without an answer, when all is over.</summary>
    ArrivesLast,

    /// <summary>A commit is told that its rows have changed.</summary>
    Stale,
}

/// <summary>Lets one call to storage or queues go wrong.</summary>
internal sealed class Faults
{
    private readonly World _world;
    private readonly Fault _fault;
    private readonly int _at;
    private Action? _late;
    private int _begun;
    private int _done;

    /// <param name="world">Where.</param>
    /// <param name="fault">What.</param>
    /// <param name="at">Which call, from 0; −1 for none.</param>
    public Faults(World world, Fault fault, int at)
    {
        (_world, _fault, _at) = (world, fault, at);
        world.Store.BeforeRead = _ => Begin();
        world.Store.AfterRead = _ => End();
        world.Messages.BeforeSend = (_, _) => Begin();
        world.Messages.AfterSend = _ => End();
        world.Messages.BeforeReveal = _ => Begin();
        world.Store.BeforeCommit = BeforeCommit;
        world.Store.AfterCommit = (_, _, result) => Task.FromResult(IsDue(Fault.AnswerLost, ref _done) ? new CommitResult.Unknown() : result);
    }

    /// <summary>How many calls there were.</summary>
    public int Calls => _begun;

    /// <summary>Nothing goes wrong from here on, and what was under way arrives.</summary>
    public void Over()
    {
        _world.Calm();
        _late?.Invoke();
    }

    private bool IsDue(Fault fault, ref int calls) => (Interlocked.Increment(ref calls) - 1 == _at) & _fault == fault;

    private Task Begin() => IsDue(Fault.FailsBefore, ref _begun) ? throw new StorageUnavailableException("It is down.") : Task.CompletedTask;

    private Task End() => IsDue(Fault.AnswerLost, ref _done) ? throw new StorageUnavailableException("It was not heard of again.") : Task.CompletedTask;

    private Task<CommitResult?> BeforeCommit(Partition partition, ImmutableArray<RowWrite> writes)
    {
        if (_fault == Fault.ArrivesLate)
        {
            Interlocked.Exchange(ref _late, null)?.Invoke();
        }

        if (Interlocked.Increment(ref _begun) - 1 != _at)
        {
            return Task.FromResult<CommitResult?>(null);
        }

        if (_fault is Fault.ArrivesLate or Fault.ArrivesLast)
        {
            _late = () => _world.Store.Arrive(partition, writes);
        }

        return _fault switch
        {
            Fault.FailsBefore => throw new StorageUnavailableException("It is down."),
            Fault.NeverArrives or Fault.ArrivesLate or Fault.ArrivesLast => Task.FromResult<CommitResult?>(new CommitResult.Unknown()),
            Fault.Stale when partition.Table == Table.Ledger => Task.FromResult<CommitResult?>(new CommitResult.Stale("account")),
            _ => Task.FromResult<CommitResult?>(null),
        };
    }
}
