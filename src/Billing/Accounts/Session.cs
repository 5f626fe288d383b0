namespace Billing.Accounts;

/// <summary>That somebody is signed in: the token that names it works while this is stored.</summary>
/// <param name="Id">Time-ordered.</param>
/// <param name="CreatedAt">When it began, UTC.</param>
public sealed record Session(string Id, DateTimeOffset CreatedAt)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>The API key that it was made with and ends with; null for one of the account itself.</summary>
    public string? KeyId { get; init; }
}
