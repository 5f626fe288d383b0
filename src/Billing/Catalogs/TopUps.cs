namespace Billing.Catalogs;

/// <summary>How many credits one top-up may have.</summary>
/// <param name="Min">Fewest.</param>
/// <param name="Max">Most.</param>
public sealed record TopUps(Credits Min, Credits Max)
{
    /// <summary>Null when a top-up of <paramref name="credits"/> can be bought, else INVALID_REQUEST on <c>credits</c>.</summary>
    public Refusal? Check(Credits credits) =>
        credits < Min || credits > Max ? Refusal.Invalid("credits", $"must be from {Min} to {Max}") : null;
}
