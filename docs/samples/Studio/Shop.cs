using Billing.Client;

namespace Studio;

/// <param name="Credits">How many.</param>
/// <param name="PaymentId">The payment provider's: news of it may come twice, and counts once.</param>
public sealed record Purchase(decimal Credits, string PaymentId);

/// <summary>Sells credits. Here the payment has been made already, as the provider's news of it would say.</summary>
public sealed class Shop(IBillingClient billing, IBillingOperator books)
{
    private const long PriceInCents = 10;

    /// <returns>Nothing for who has ordered nothing yet: the account is opened with the first order.</returns>
    public async Task<decimal> CreditsOfAsync(string userId, CancellationToken cancellation)
    {
        try
        {
            return (await billing.GetCreditsAsync(Customer.OfExternalId(userId), cancellation: cancellation)).Credits;
        }
        catch (BillingRefusedException refused) when (refused.Problem.Code == ProblemCodes.NotFound)
        {
            return 0;
        }
    }

    /// <returns>What the user has then.</returns>
    public async Task<decimal> SellAsync(string userId, Purchase purchase, CancellationToken cancellation)
    {
        var paid = new Money((long)(purchase.Credits * PriceInCents), "USD");
        await books.TopUpAsync(await WorkspaceOfAsync(userId, cancellation), purchase.Credits, purchase.PaymentId, paid, cancellation);
        return await CreditsOfAsync(userId, cancellation);
    }

    private async Task<string> WorkspaceOfAsync(string userId, CancellationToken cancellation) =>
        (await books.FindAccountsAsync(userId, cancellation)).Accounts is [var account, ..]
            ? account.WorkspaceId
            : (await books.CreateAccountAsync(new NewAccount("bloom", userId, $"{userId}@example.com") { ExternalId = userId }, cancellation: cancellation)).WorkspaceId;
}
