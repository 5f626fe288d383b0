using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Balances;

/// <summary><c>GET /credits</c>: what can be spent, by kind.</summary>
public static class GetCredits
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("GetCredits", "GET", Routes.Credits, Access.Customer, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call) =>
        await AccountReading.ReadAsync(call, account => CreditsView.Of(account, call.Caller.TestMode)).ConfigureAwait(false);
}

/// <summary><c>GET /credits/balance</c>: the same for Bluma's clients.</summary>
public static class GetBalance
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("GetBalance", "GET", Routes.Balance, Access.Customer, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call) =>
        await AccountReading.ReadAsync(call, account => BalanceView.Of(account, call.Now)).ConfigureAwait(false);
}
