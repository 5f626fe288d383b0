using Billing.Workspaces;

namespace Billing.Tests.Webhooks;

/// <summary>When alerts must fire, in the words of the contract: once as credits fall to the line, then not before credits were added.</summary>
internal sealed class AlertModel
{
    private readonly List<Ear> _ears = [];
    private readonly SortedSet<string> _alerts = new(StringComparer.Ordinal);

    private sealed class Ear(string id, decimal? threshold)
    {
        public string Id => id;

        public decimal? Threshold => threshold;

        public bool Low { get; set; } = true;

        public bool Exhausted { get; set; } = true;
    }

    public void Listen(string id, decimal? threshold) => _ears.Add(new Ear(id, threshold));

    /// <summary>One thing that happened.</summary>
    /// <param name="before">Credits before it.</param>
    /// <param name="after">Credits after it.</param>
    /// <param name="entries">What it wrote into the ledger.</param>
    /// <param name="allowance">The month's allowance; null without a plan.</param>
    /// <param name="shortOfCredits">True when something was refused, or went on overage, for want of credits.</param>
    public void Happen(decimal before, decimal after, IEnumerable<LedgerEntry> entries, decimal? allowance, bool shortOfCredits = false)
    {
        var added = entries.Any(entry => entry.Amount > Credits.Zero);
        foreach (var ear in _ears)
        {
            if (added)
            {
                (ear.Low, ear.Exhausted) = (true, true);
            }

            var fell = !added && after < before;
            ear.Low = ear.Low && !(fell && after <= (ear.Threshold ?? allowance / 5) && Tell("credits.low", ear));
            ear.Exhausted = ear.Exhausted && !(((fell && after == 0) || shortOfCredits) && Tell("credits.exhausted", ear));
        }
    }

    /// <summary>What must have been told since it was last asked.</summary>
    public IReadOnlyList<string> Take()
    {
        var alerts = _alerts.ToList();
        _alerts.Clear();
        return alerts;
    }

    private bool Tell(string type, Ear ear) => _alerts.Add($"{type} {ear.Id}");
}
