using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.Api.Quotes;
using Billing.Catalogs;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Generations;

/// <summary><c>POST /generations/quote</c>: a price that is kept for 15 minutes.</summary>
public static class QuoteGeneration
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("QuoteGeneration", "POST", Routes.Quote, Access.Customer, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        var read = await Pricing.ReadAsync(call).ConfigureAwait(false);
        if (read is not Outcome<PricedRequest>.Accepted { Value: var (workspaceId, _, wanted) })
        {
            return call.Refuse(((Outcome<PricedRequest>.Declined)read).Refusal);
        }

        if (await call.Backend.Writer.ReadAsync(workspaceId, call.Cancellation).ConfigureAwait(false) is not { } account)
        {
            return call.Refuse(Refusal.NotFound("workspace"));
        }

        var price = wanted.Price;
        var quote = new Quote(workspaceId, wanted.Usage.Values, price.Units, price.Cost, price.Breakdown, price.PriceVersion, call.Now + Quote.Lifetime);
        return JsonReply.Of(new QuoteView(
            price.Cost, price.Breakdown, price.Units, call.Backend.Quotes.Sign(quote), quote.ExpiresAt, price.Cost <= account.Balance));
    }
}

/// <summary>The answer of <c>POST /generations/quote</c>.</summary>
/// <param name="Cost">What it costs.</param>
/// <param name="Breakdown">How that came about.</param>
/// <param name="Units">How many things are made.</param>
/// <param name="Quote">Admit with it to pay this price.</param>
/// <param name="ExpiresAt">Until when.</param>
/// <param name="Affordable">Whether the credits left cover it now.</param>
public sealed record QuoteView(Credits Cost, ImmutableArray<PriceFactor> Breakdown, long Units, string Quote, DateTimeOffset ExpiresAt, bool Affordable);
