namespace Billing.Simulation.Storage;

/// <summary>One life of a process: what it has begun ends with it.</summary>
internal sealed class Life(string name)
{
    private readonly List<Action> _mourners = [];

    public string Name => name;

    public bool Over { get; private set; }

    /// <summary>Called when it ends.</summary>
    public void OnEnd(Action mourner) => _mourners.Add(mourner);

    public void End()
    {
        Over = true;
        _mourners.ForEach(mourner => mourner());
        _mourners.Clear();
    }
}
