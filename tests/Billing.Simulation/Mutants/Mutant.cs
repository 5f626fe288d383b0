namespace Billing.Simulation.Mutants;

/// <summary>A deliberate bug.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Name">What is wrong.</param>
/// <param name="Patches">What makes it so.</param>
internal sealed record Mutant(int Number, string Name, params Patch[] Patches)
{
    /// <summary>The program that must find it.</summary>
    public Finder By { get; init; } = Finder.Simulation;
}

/// <summary>One place in the source.</summary>
/// <param name="File">Below src.</param>
/// <param name="Old">Text that stands there exactly once.</param>
/// <param name="New">Text in its place; <c>§</c> is true while the mutant is active.</param>
internal sealed record Patch(string File, string Old, string New);
