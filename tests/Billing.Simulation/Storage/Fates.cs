namespace Billing.Simulation.Storage;

/// <summary>What goes wrong with one call.</summary>
internal enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>503: it is refused, nothing is done.</summary>
    Refused,

    /// <summary>It is done, and no answer comes.</summary>
    AnswerLost,

    /// <summary>It never arrives, and no answer comes.</summary>
    NeverArrives,

    /// <summary>No answer comes, and it arrives late, when its sender has long given it up: a ghost.</summary>
    Ghost,

    /// <summary>412: another writer has changed what it wants to replace.</summary>
    Stale,

    /// <summary>Its sender dies before it has left.</summary>
    CrashBefore,

    /// <summary>It is done, and its sender dies before the answer comes.</summary>
    CrashAfter,
}

/// <summary>What a call asks for.</summary>
internal enum CallKind
{
    Read,
    List,
    Find,
    Commit,
    Send,
    Reveal,
    Receive,
    Delete,
}

/// <summary>What becomes of one call.</summary>
/// <param name="Fault">What goes wrong.</param>
/// <param name="There">Until it arrives.</param>
/// <param name="Back">From there until its answer is back.</param>
/// <param name="GhostAfter">Until a ghost arrives.</param>
internal readonly record struct Fate(Fault Fault, TimeSpan There, TimeSpan Back, TimeSpan GhostAfter);

/// <summary>Decides what becomes of calls to storage.</summary>
internal interface IFates
{
    /// <summary>The next call's fate.</summary>
    Fate Next(CallKind kind);

    /// <summary>Rows that a page of at most <paramref name="take"/> looks at before it ends; none now and then, but not for ever.</summary>
    int Looks(int take);
}
