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

        Assert.True(built.Found[number] is not null, $"{mutant.Name}: not found within {Seeds} seeds");
    }

    [Fact]
    public void The_patched_copy_is_sound_while_no_bug_is_active() =>
        Assert.Null(MutantCheck.Run(built.Copy, new Mutant(0, "none"), seeds: 20, Operations).Found);

    public sealed class Built
    {
        public Built()
        {
            Copy = MutantBuild.Run(CommandLine.Root());
            // Each is looked for on one thread, so as many at once as there are processors.
            Found = MutantList.All.AsParallel().Select(mutant => MutantCheck.Run(Copy, mutant, Seeds, Operations)).ToDictionary(one => one.Mutant.Number, one => one.Found);
        }

        internal string Copy { get; }

        /// <summary>What each broke; null for those that lived.</summary>
        internal IReadOnlyDictionary<int, string?> Found { get; }
    }
}
