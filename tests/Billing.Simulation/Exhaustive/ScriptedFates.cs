using System.Collections.Immutable;
using Billing.Simulation.Storage;

namespace Billing.Simulation.Exhaustive;

/// <summary>A fault at one call.</summary>
/// <param name="Call">Which call, counted from 0 in the order in which they are sent.</param>
/// <param name="Fault">What goes wrong.</param>
internal readonly record struct Planned(int Call, Fault Fault)
{
    public override string ToString() => $"{Fault} at call {Call}";
}

/// <summary>Fates by plan: every call goes well but those that are named.</summary>
internal sealed class ScriptedFates(ImmutableArray<Planned> plan) : IFates
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(2);

    // Late enough that its sender has given it up, be it after it sent it three times.
    private static readonly TimeSpan GhostAfter = TimeSpan.FromSeconds(20);

    private int _pages;

    /// <summary>What each call asked for.</summary>
    public List<CallKind> Calls { get; } = [];

    /// <summary>True when calls are not counted any more, and nothing goes wrong.</summary>
    public bool Calm { get; set; }

    /// <summary>What can go wrong with a call of a kind.</summary>
    public static ImmutableArray<Fault> FaultsOf(CallKind kind) => kind == CallKind.Commit
        ? [Fault.Refused, Fault.AnswerLost, Fault.NeverArrives, Fault.Ghost, Fault.Stale, Fault.CrashBefore, Fault.CrashAfter]
        : [Fault.Refused, Fault.AnswerLost, Fault.NeverArrives, Fault.CrashBefore, Fault.CrashAfter];

    // Of two pages of a list the first is empty, so that nobody rests on one.
    public int Looks(int take) => (_pages++ & 1) == 0 ? 0 : take;

    public Fate Next(CallKind kind)
    {
        if (Calm)
        {
            return new Fate(Fault.None, Latency, Latency, default);
        }

        var number = Calls.Count;
        Calls.Add(kind);
        return new Fate(plan.FirstOrDefault(one => one.Call == number).Fault, Latency, Latency, GhostAfter);
    }
}
