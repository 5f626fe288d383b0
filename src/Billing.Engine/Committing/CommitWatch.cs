using System.Diagnostics;
using Billing.Engine.Ports;
using Billing.Workspaces;

namespace Billing.Engine.Committing;

/// <summary>
/// Is told when a transaction of a workspace begins, and by what it returns how it ended: what metrics, traces and logs are made of. It decides nothing,
/// takes no time, and what fails in it is lost.
/// </summary>
public delegate Action<CommitEnd> CommitWatch(CommitStart start);

/// <param name="UnitOfWork">What was decided, for reading only.</param>
/// <param name="Works">Pieces of work in it; 0 when it only brings the account up to date.</param>
/// <param name="Spans">The spans in which the work was asked for, in order; null for who has none.</param>
public sealed record CommitStart(UnitOfWork UnitOfWork, int Works, int Rows, IReadOnlyList<Activity?> Spans);

/// <param name="TimedOut">True when storage did not answer it at first, so that its fate had to be found out.</param>
public sealed record CommitEnd(CommitFate Fate, bool TimedOut);

public enum CommitFate
{
    Stored,

    /// <summary>It is not: somebody else wrote a row that it was to insert. It is decided again.</summary>
    Duplicate,

    /// <summary>It is not: somebody else changed a row since it was read. It is decided again.</summary>
    Stale,

    Unavailable,

    Unclear,
}

/// <summary>A commit and who watches it, in the context of the request that came first: there its logs belong.</summary>
internal sealed class WatchedCommit(Commit commit, CommitWatch watch, CommitStart start, ExecutionContext? context)
{
    public async Task<CommitResult> RunAsync()
    {
        // Here and not in the context: what storage's client traces is part of the commit.
        Action<CommitEnd>? ended = null;
        Tell(() => ended = watch(start));
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
            Tell(() => RunIn(context, () => ended?.Invoke(end)));
        }
    }

    private static CommitFate FateOf(CommitResult result) => result switch
    {
        CommitResult.Committed => CommitFate.Stored,
        CommitResult.Duplicate => CommitFate.Duplicate,
        _ => CommitFate.Stale,
    };

    private static void RunIn(ExecutionContext? context, Action tell)
    {
        if (context is null)
        {
            tell();
        }
        else
        {
            ExecutionContext.Run(context, _ => tell(), null);
        }
    }

    private static void Tell(Action tell)
    {
        try
        {
            tell();
        }
#pragma warning disable CA1031 // whoever watches must not keep anybody from being served, and what is stored is stored
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
