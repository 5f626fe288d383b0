using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.Api.Quotes;
using Billing.Catalogs;
using Billing.Generations;
using Billing.Reading;

namespace Billing.Api.Generations;

/// <summary>A generation request as it was read, with what is wrong with it noted in its body.</summary>
/// <param name="Quoted">The quote that it names.</param>
/// <param name="Usage">Null when it only names a quote, or has mistakes.</param>
internal sealed record GenerationRequest(
    ObjectReader Body, string? WorkspaceId, NamedQuote Quoted, string? Description, ImmutableSortedDictionary<string, string>? Metadata, Usage? Usage)
{
    public static GenerationRequest Read(ObjectReader body, Catalog catalog, NamedQuote quoted)
    {
        var (workspaceId, quote) = (body.WorkspaceId(), quoted.Quote);
        var (description, metadata) = (body.Prose("description", 500, required: false), body.Texts("metadata", longestName: 40, longest: 500));
        var asksForQuoted = quoted.IsNamed && !body.HasMore;
        var usage = asksForQuoted ? null
            : quote is not null && !catalog.HasPrices(quote.PriceVersion, quote.Usage()) ? Repeated(body, quote)
            : catalog.ParseUsage(body).TryGet(out var read, out _) ? read : null;
        return new GenerationRequest(body, workspaceId, quoted, description, metadata, usage);
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
        if (!Quoted.IsNamed)
        {
            return new AdmitItem(Usage!, catalog.Price(Usage!), Description, Metadata) { Own = catalog.OwnTemplateOf(Usage!) };
        }

        var quote = Quoted.Quote;
        var wrong = quote is null || quote.WorkspaceId != workspaceId ? "is not a quote for this workspace"
            : quote.ExpiresAt <= now ? $"expired at {Instants.Text(quote.ExpiresAt)}"
            : Usage is not null && !Usage.Equals(quote.Usage()) ? "is for other parameters; leave them out, or repeat those that were quoted"
            : null;
        if (wrong is not null)
        {
            Body.Reject("quote", wrong);
            return null;
        }

        return new AdmitItem(quote!.Usage(), quote.Price(), Description, Metadata) { Own = catalog.OwnTemplateOf(quote.Usage()), Promised = quote.WithinLimits };
    }
}

/// <summary>The quote that a request names.</summary>
/// <param name="IsNamed">True when it names one, be it none of ours.</param>
/// <param name="Quote">Null for none, and for one that was not made here.</param>
internal readonly record struct NamedQuote(bool IsNamed, Quote? Quote)
{
    private const int LongestQuote = 16_000;

    public static NamedQuote In(ObjectReader body, QuoteTokens quotes)
    {
        var token = body.Text("quote", LongestQuote, required: false);
        return new NamedQuote(token is not null, token is null ? null : quotes.Find(token));
    }
}
