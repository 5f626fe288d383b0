using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.Api.Quotes;
using Billing.Catalogs;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Generations;

/// <summary><c>POST /generations/quote</c>: a price that is kept for 15 minutes.</summary>
public static class QuoteGeneration
{
    public const string Route = "api/v1/generations/quote";

    public static readonly ApiEndpoint Endpoint = new("QuoteGeneration", "POST", Route, Access.Customer, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var read = await Pricing.ReadAsync(request).ConfigureAwait(false);
        if (!read.TryGet(out var priced, out var mistake))
        {
            return request.Refuse(mistake);
        }

        var (workspaceId, catalog, wanted) = priced;

        if (await request.Backend.Writer.ReadAsync(workspaceId, request.Cancellation).ConfigureAwait(false) is not { } workspace)
        {
            return request.Refuse(Refusal.NotFound("workspace"));
        }

        var price = wanted.Price;
        var quote = new Quote(workspaceId, wanted.Usage.Values, price.Units, price.Cost, price.Breakdown, price.PriceVersion, request.Now + Quote.Lifetime)
        {
            WithinLimits = wanted.Promised || catalog.CheckFields(wanted.Usage) is null,
        };
        return JsonReply.Of(new QuoteView(
            price.Cost, price.Breakdown, price.Units, request.Backend.Quotes.Sign(quote), quote.ExpiresAt, price.Cost <= workspace.Balance));
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
