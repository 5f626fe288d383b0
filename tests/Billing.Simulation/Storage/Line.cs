using Billing.Engine.Ports;
using Billing.Simulation.Runs;
using Billing.Simulation.Time;

namespace Billing.Simulation.Storage;

/// <summary>A process's line to storage: lets each call meet its fate.</summary>
internal sealed class Line(Loop loop, IFates fates, Shards shards, Life life, Trace trace)
{
    /// <summary>When a process gives a call up. Storage's own limit is in <c>StorageClients</c>.</summary>
    public static readonly TimeSpan TimeOut = TimeSpan.FromSeconds(3);

    /// <summary>Called when a fate is the end of the process.</summary>
    public Action Crash { get; set; } = () => { };

    /// <summary>Rows that a page of at most <paramref name="take"/> looks at.</summary>
    public int Looks(int take) => fates.Looks(take);

    /// <summary>Sends a call.</summary>
    /// <param name="kind">What it asks for.</param>
    /// <param name="shard">Which shard; null for that of the directory.</param>
    /// <param name="what">For the trace.</param>
    /// <param name="arrive">Carries it out.</param>
    /// <param name="stale">The answer of a 412; null where there is none.</param>
    /// <param name="unanswered">The answer when none came; null to fail.</param>
    public Task<T> SendAsync<T>(CallKind kind, int? shard, string what, Func<T> arrive, T? stale = default, T? unanswered = default)
        where T : class?
    {
        loop.Here();
        var answer = new TaskCompletionSource<T>();
        var fate = fates.Next(kind);
        if (fate.Fault == Fault.Stale && stale is null)
        {
            fate = fate with { Fault = Fault.None };
        }

        if (shards.IsAway(shard))
        {
            fate = fate with { Fault = fate.There.Ticks % 2 == 0 ? Fault.Refused : Fault.NeverArrives };
        }

        trace.Call(loop.Now, life.Name, kind, what, fate.Fault);
        switch (fate.Fault)
        {
            case Fault.None:
                loop.After(fate.There, () => Reply(arrive(), fate.Back));
                break;
            case Fault.Refused:
                loop.After(fate.There + fate.Back, () => Fail("Storage is busy."));
                break;
            case Fault.Stale:
                loop.After(fate.There + fate.Back, () => Give(stale!));
                break;
            case Fault.AnswerLost:
                loop.After(fate.There, () => arrive());
                loop.After(TimeOut, NoAnswer);
                break;
            case Fault.NeverArrives:
                loop.After(TimeOut, NoAnswer);
                break;
            case Fault.Ghost:
                loop.After(fate.GhostAfter, () => trace.Say(loop.Now, life.Name, $"ghost of {what}: {arrive()}"));
                loop.After(TimeOut, NoAnswer);
                break;
            case Fault.CrashBefore:
                Crash();
                break;
            case Fault.CrashAfter:
                arrive();
                Crash();
                break;
        }

        return answer.Task;

        void Reply(T value, TimeSpan back) => loop.After(back < TimeOut ? back : TimeOut, () => Give(value));

        void Give(T value)
        {
            if (!life.Over)
            {
                answer.SetResult(value);
            }
        }

        void NoAnswer()
        {
            if (unanswered is null)
            {
                Fail("Storage did not answer.");
            }
            else
            {
                Give(unanswered);
            }
        }

        void Fail(string why)
        {
            if (!life.Over)
            {
                answer.SetException(new StorageUnavailableException(why));
            }
        }
    }
}
