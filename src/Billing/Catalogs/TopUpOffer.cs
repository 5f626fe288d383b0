namespace Billing.Catalogs;

public sealed record TopUpOffer(Credits MinCredits, Credits MaxCredits)
{
    /// <summary>Null when a top-up of <paramref name="credits"/> can be bought, else INVALID_REQUEST on <c>credits</c>.</summary>
    public Refusal? Check(Credits credits) =>
        credits < MinCredits || credits > MaxCredits ? Refusal.Invalid("credits", $"must be from {MinCredits} to {MaxCredits}") : null;
}
