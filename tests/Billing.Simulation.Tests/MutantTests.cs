using Billing.Simulation.Mutants;
using Billing.Simulation.Runs;

namespace Billing.Simulation.Tests;

/// <summary>A proof that finds no bug proves nothing: each deliberate one must be found.</summary>
public sealed class MutantTests(MutantTests.Built built) : IClassFixture<MutantTests.Built>
{
    private const int Seeds = 400;
    private const int Operations = 200;

    public static TheoryData<int> Numbers => [.. MutantList.All.Select(mutant => mutant.Number)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_deliberate_bug_is_found(int number)
    {
        var mutant = MutantList.All.Single(one => one.Number == number);

        Assert.True(MutantCheck.Run(built.Copy, mutant, Seeds, Operations).Found is not null, $"{mutant.Name}: not found within {Seeds} seeds");
    }

    [Fact]
    public void The_patched_copy_is_sound_while_no_bug_is_active() =>
        Assert.Null(MutantCheck.Run(built.Copy, new Mutant(0, "none"), seeds: 20, Operations).Found);

    public sealed class Built
    {
        internal string Copy { get; } = MutantBuild.Run(CommandLine.Root());
    }
}
