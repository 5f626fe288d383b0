using System.Collections.Immutable;
using Billing.Simulation.Runs;
using Billing.Simulation.Storage;

namespace Billing.Simulation.Exhaustive;

/// <summary>How a scene fared under every plan.</summary>
/// <param name="Scene">Its name.</param>
/// <param name="Calls">Calls to storage when nothing goes wrong.</param>
/// <param name="Plans">Plans that were played.</param>
/// <param name="Failures">Those that broke something.</param>
internal sealed record SceneResult(string Scene, int Calls, int Plans, ImmutableArray<(ImmutableArray<Planned> Plan, Violation Violation)> Failures);

/// <summary>Plays a scene with a fault at every call, of every kind, alone and in pairs.</summary>
internal static class EveryFault
{
    /// <summary>Plays all plans of one or two faults.</summary>
    /// <param name="scene">What is played.</param>
    /// <param name="pairs">False for single faults only.</param>
    public static SceneResult Play((string Name, Action<Scene> Play) scene, bool pairs)
    {
        var failures = ImmutableArray.CreateBuilder<(ImmutableArray<Planned>, Violation)>();
        var plans = 1;
        var calls = Once([]);
        for (var first = 0; first < calls.Count; first++)
        {
            foreach (var fault in ScriptedFates.FaultsOf(calls[first]))
            {
                plans++;
                Planned planned = new(first, fault);
                var after = Once([planned]);
                for (var second = first + 1; pairs && second < after.Count; second++)
                {
                    foreach (var other in ScriptedFates.FaultsOf(after[second]))
                    {
                        plans++;
                        Once([planned, new Planned(second, other)]);
                    }
                }
            }
        }

        return new SceneResult(scene.Name, calls.Count, plans, failures.ToImmutable());

        List<CallKind> Once(ImmutableArray<Planned> plan)
        {
            var played = new Scene(plan, traced: false);
            scene.Play(played);
            var kinds = played.End();
            if (played.World.Violation is { } violation)
            {
                failures.Add((plan, violation));
            }

            return kinds;
        }
    }

    /// <summary>Plays all scenes, on as many threads, and prints.</summary>
    public static int Print(int threads, bool pairs, string? only)
    {
        var results = Scenes.All.Where(scene => only is null || scene.Name == only).AsParallel().AsOrdered().WithDegreeOfParallelism(threads).Select(scene => Play(scene, pairs)).ToList();
        Console.WriteLine("| scene | storage calls | plans | failed |\n|---|---|---|---|");
        foreach (var result in results)
        {
            Console.WriteLine($"| {result.Scene} | {result.Calls} | {result.Plans} | {result.Failures.Length} |");
        }

        foreach (var (result, (plan, violation)) in results.SelectMany(result => result.Failures.DistinctBy(failure => failure.Violation.Invariant).Select(failure => (result, failure))))
        {
            Console.WriteLine($"\n{result.Scene}, {string.Join(", then ", plan)}: {violation.Invariant}\n  {violation.Detail}");
            Trace(result.Scene, plan);
        }

        return results.Exists(result => !result.Failures.IsEmpty) ? 1 : 0;
    }

    private static void Trace(string name, ImmutableArray<Planned> plan)
    {
        var scene = new Scene(plan, traced: true);
        Scenes.All.Single(one => one.Name == name).Play(scene);
        scene.End();
        foreach (var line in scene.World.Trace.Lines.TakeLast(80))
        {
            Console.WriteLine("  " + line);
        }
    }
}
