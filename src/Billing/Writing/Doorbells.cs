using Billing.Accounts;

namespace Billing.Writing;

/// <summary>The doorbells of one round: rung, hidden, before the commit they belong to, and made visible after it.</summary>
internal sealed class Doorbells(IDoorbell doorbell)
{
    /// <summary>How long a ring stays hidden when nobody reveals it: longer than any transaction takes to be stored or given up.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, Ring> _rings = [];

    /// <summary>Rings those that were not rung yet.</summary>
    public async Task RingAsync(IReadOnlyList<Doorbell> bells)
    {
        var missing = bells.DistinctBy(bell => bell.Id).Where(bell => !_rings.ContainsKey(bell.Id)).ToList();
        var rings = await Task.WhenAll(missing.Select(bell => doorbell.RingAsync(bell.Queue, bell.Id, Delay, default))).ConfigureAwait(false);
        for (var i = 0; i < rings.Length; i++)
        {
            _rings.Add(missing[i].Id, rings[i]);
        }
    }

    /// <summary>Makes them visible. Nobody waits for this: a ring that is not revealed shows itself when its delay is over.</summary>
    public void Reveal(IReadOnlyList<Doorbell> bells)
    {
        foreach (var bell in bells)
        {
            if (_rings.Remove(bell.Id, out var ring))
            {
                _ = RevealAsync(ring);
            }
        }
    }

    /// <summary>
    /// Forgets what was rung: a ring that shows itself before its row is stored says nothing any more, so the next attempt rings again.
    /// </summary>
    public void Clear() => _rings.Clear();

    private async Task RevealAsync(Ring ring)
    {
        try
        {
            await doorbell.RevealAsync(ring, default).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // it shows itself when its delay is over, whatever went wrong
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
