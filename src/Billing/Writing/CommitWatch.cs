using System.Diagnostics;
using Billing.Accounts;

namespace Billing.Writing;

/// <summary>
/// Is told when a transaction of a workspace begins, and by what it returns how it ended: what metrics, traces and logs are made of. It decides nothing,
/// takes no time, and what fails in it is lost.
/// </summary>
public delegate Action<CommitEnd> CommitWatch(CommitStart start);

/// <summary>A transaction that is about to be sent.</summary>
/// <param name="Draft">What was decided, for reading only.</param>
/// <param name="Works">Pieces of work that ride in it; 0 when it only brings the account up to date.</param>
/// <param name="Rows">Rows that it writes.</param>
/// <param name="Spans">The spans in which the riders were asked for, in order; null for who has none.</param>
public sealed record CommitStart(Draft Draft, int Works, int Rows, IReadOnlyList<Activity?> Spans);

/// <summary>How a transaction ended.</summary>
/// <param name="Fate">What became of it.</param>
/// <param name="TimedOut">True when storage did not answer it at first, so that its fate had to be found out.</param>
public sealed record CommitEnd(CommitFate Fate, bool TimedOut);

/// <summary>What becomes of a transaction.</summary>
public enum CommitFate
{
    /// <summary>It is stored.</summary>
    Stored,

    /// <summary>It is not: somebody else wrote a row that it was to insert. It is decided again.</summary>
    Duplicate,

    /// <summary>It is not: somebody else changed a row since it was read. It is decided again.</summary>
    Stale,

    /// <summary>It is not: storage did not serve.</summary>
    Unavailable,

    /// <summary>Nobody can say.</summary>
    Unclear,
}

/// <summary>A commit and who watches it, in the context of the request that came first: there its logs belong.</summary>
internal sealed class WatchedCommit(Commit commit, CommitWatch watch, CommitStart start, ExecutionContext? context)
{
    /// <inheritdoc cref="Commit.RunAsync"/>
    public async Task<CommitResult> RunAsync()
    {
        // Here and not in the context: what storage's client traces is part of the commit.
        var ended = Begin();
        var fate = CommitFate.Unavailable;
        try
        {
            var result = await commit.RunAsync().ConfigureAwait(false);
            fate = FateOf(result);
            return result;
        }
        finally
        {
            var end = new CommitEnd(fate == CommitFate.Unavailable && commit.TimedOut ? CommitFate.Unclear : fate, commit.TimedOut);
            End(ended, end);
        }
    }

    private static CommitFate FateOf(CommitResult result) => result switch
    {
        CommitResult.Committed => CommitFate.Stored,
        CommitResult.Duplicate => CommitFate.Duplicate,
        _ => CommitFate.Stale,
    };

    private Action<CommitEnd>? Begin()
    {
        try
        {
            return watch(start);
        }
#pragma warning disable CA1031 // whoever watches must not keep anybody from being served
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    private void End(Action<CommitEnd>? ended, CommitEnd end)
    {
        try
        {
            if (context is null)
            {
                ended?.Invoke(end);
            }
            else
            {
                ExecutionContext.Run(context, _ => ended?.Invoke(end), null);
            }
        }
#pragma warning disable CA1031 // what is stored is stored, whoever fails to tell of it
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
