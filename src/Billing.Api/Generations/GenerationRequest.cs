using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.Api.Quotes;
using Billing.Catalogs;
using Billing.Generations;
using Billing.Reading;

namespace Billing.Api.Generations;

/// <summary>A generation request as it was read, with what is wrong with it noted in its body.</summary>
/// <param name="Quote">The quote that it names; null for none, and for one that was not made here.</param>
/// <param name="Usage">Null when it only names a quote, or has mistakes.</param>
internal sealed record GenerationRequest(
    ObjectReader Body, string? WorkspaceId, Quote? Quote, bool NamesQuote, string? Description, ImmutableSortedDictionary<string, string>? Metadata, Usage? Usage)
{
    private const int LongestQuote = 16_000;

    public static GenerationRequest Read(ObjectReader body, Catalog catalog, QuoteTokens quotes)
    {
        var (workspaceId, token) = (body.WorkspaceId(), body.Text("quote", LongestQuote, required: false));
        var quote = token is null ? null : quotes.Find(token);
        var (description, metadata) = (body.Prose("description", 500, required: false), body.Texts("metadata", longestName: 40, longest: 500));
        var asksForQuoted = token is not null && !body.HasMore;
        var usage = asksForQuoted ? null
            : quote is not null && !catalog.HasPrices(quote.PriceVersion, quote.Usage()) ? Repeated(body, quote)
            : catalog.ParseUsage(body).TryGet(out var read, out _) ? read : null;
        return new GenerationRequest(body, workspaceId, quote, token is not null, description, metadata, usage);
    }

    /// <summary>What a request repeats of a quote that is older than the catalog: its fields may be called otherwise by now, or be gone.</summary>
    /// <returns>What was quoted; nothing where the request says something else.</returns>
    private static Usage Repeated(ObjectReader body, Quote quote)
    {
        var said = quote.Values.Where(value => body.Find(value.Key, required: false) is { } element && !value.Value.IsWrittenAs(element)).ToList();
        return said.Count == 0 ? quote.Usage() : new Usage(ImmutableSortedDictionary<string, Scalar>.Empty, 0);
    }

    /// <summary>What is wanted, priced by the quote if there is one, else by the catalog; null when that is refused.</summary>
    public AdmitItem? Price(Catalog catalog, string workspaceId, DateTimeOffset now)
    {
        if (!NamesQuote)
        {
            return new AdmitItem(Usage!, catalog.Price(Usage!), Description, Metadata) { Own = catalog.OwnTemplateOf(Usage!) };
        }

        var wrong = Quote is null || Quote.WorkspaceId != workspaceId ? "is not a quote for this workspace"
            : Quote.ExpiresAt <= now ? $"expired at {Instants.Text(Quote.ExpiresAt)}"
            : Usage is not null && !Usage.Equals(Quote.Usage()) ? "is for other parameters; leave them out, or repeat those that were quoted"
            : null;
        if (wrong is not null)
        {
            Body.Reject("quote", wrong);
            return null;
        }

        return new AdmitItem(Quote!.Usage(), Quote.Price(), Description, Metadata) { Own = catalog.OwnTemplateOf(Quote.Usage()), Promised = Quote.WithinLimits };
    }
}
