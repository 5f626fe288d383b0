using Billing.Simulation.Time;

namespace Billing.Simulation.Storage;

/// <summary>Fates by seed: how bad the network is differs from run to run and changes within one.</summary>
internal sealed class SeededFates : IFates
{
    private static readonly Fault[] CommitFaults = [Fault.Refused, Fault.AnswerLost, Fault.NeverArrives, Fault.Ghost, Fault.Stale, Fault.AnswerLost, Fault.Ghost];
    private static readonly Fault[] OtherFaults = [Fault.Refused, Fault.AnswerLost, Fault.NeverArrives];
    private readonly Dice _dice;
    private readonly int _permille;
    private readonly int _shortPages;
    private readonly int _longest;
    private readonly int _mostFaults;

    /// <param name="dice">The run's.</param>
    /// <param name="mostFaults">After so many nothing goes wrong any more.</param>
    /// <param name="none">True when nothing ever does, but for what is away.</param>
    public SeededFates(Dice dice, int mostFaults, bool none = false)
    {
        _dice = dice;
        _mostFaults = mostFaults;
        _permille = none ? 0 : dice.Pick([0, 5, 15, 30, 60, 120]);
        _shortPages = dice.Pick([100, 500, 800]);
        _longest = dice.Pick([2_000, 20_000, 200_000, 2_000_000]);
    }

    /// <summary>How many faults there were.</summary>
    public int Faults { get; private set; }

    /// <summary>True when the faults are over.</summary>
    public bool Calm { get; set; }

    public Fate Next(CallKind kind)
    {
        var there = Latency();
        var back = Latency();
        var ghost = TimeSpan.FromMilliseconds(_dice.Chance(100) ? _dice.Between(60_000, 600_000) : _dice.Between(1, 50_000));
        var wrong = _dice.Chance(_permille);
        var fault = _dice.Pick(kind == CallKind.Commit ? CommitFaults : OtherFaults);
        if (!wrong || Calm || Faults >= _mostFaults)
        {
            return new Fate(Fault.None, there, back, default);
        }

        Faults++;
        return new Fate(fault, there, back, ghost);
    }

    public int Looks(int take) => _dice.Chance(_shortPages) ? _dice.Pick([0, 1, take / 2]) : take;

    private TimeSpan Latency() => TimeSpan.FromMicroseconds(_dice.Between(200, _dice.Chance(100) ? _longest : 2_000));
}
