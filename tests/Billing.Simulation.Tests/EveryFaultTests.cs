using Billing.Simulation.Exhaustive;
using Billing.Simulation.Time;

namespace Billing.Simulation.Tests;

public sealed class EveryFaultTests
{
    public static TheoryData<string> Names => [.. Scenes.All.Select(scene => scene.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_storage_call_may_fail_in_every_way(string name)
    {
        var scene = Scenes.All.Single(one => one.Name == name);

        var result = OwnThread.Run(() => EveryFault.Play(scene, pairs: false));

        Assert.Empty(result.Failures.Select(failure => $"{string.Join(", ", failure.Plan)}: {failure.Violation}"));
        Assert.InRange(result.Plans, 20, 10_000);
    }
}
