using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.Api.Quotes;
using Billing.Catalogs;
using Billing.Generations;
using Billing.Reading;

namespace Billing.Api.Generations;

/// <summary>A generation request as it was read, with what is wrong with it noted in its body.</summary>
/// <param name="Usage">Null when it only names a quote, or has mistakes.</param>
internal sealed record GenerationRequest(
    ObjectReader Body, string? WorkspaceId, string? Quote, string? Description, ImmutableSortedDictionary<string, string>? Metadata, Usage? Usage)
{
    private const int LongestQuote = 16_000;

    public static GenerationRequest Read(ObjectReader body, Catalog catalog)
    {
        var (workspaceId, quote) = (body.WorkspaceId(), body.Text("quote", LongestQuote, required: false));
        var (description, metadata) = (body.Prose("description", 500, required: false), body.Texts("metadata", longestName: 40, longest: 500));
        var asksForQuoted = body.Has("quote") && !body.HasMore;
        var usage = !asksForQuoted && catalog.ParseUsage(body).TryGet(out var read, out _) ? read : null;
        return new GenerationRequest(body, workspaceId, quote, description, metadata, usage);
    }

    /// <summary>What is wanted, priced by the quote if there is one, else by the catalog; null when that is refused.</summary>
    public AdmitItem? Price(Catalog catalog, QuoteTokens quotes, string workspaceId, DateTimeOffset now)
    {
        if (Quote is null)
        {
            return new AdmitItem(Usage!, catalog.Price(Usage!), Description, Metadata) { Own = catalog.OwnTemplateOf(Usage!) };
        }

        var quote = quotes.Find(Quote);
        var wrong = quote is null || quote.WorkspaceId != workspaceId ? "is not a quote for this workspace"
            : quote.ExpiresAt <= now ? $"expired at {Instants.Text(quote.ExpiresAt)}"
            : Usage is not null && !Usage.Equals(quote.Usage()) ? "is for other parameters; leave them out, or repeat those that were quoted"
            : null;
        if (wrong is not null)
        {
            Body.Reject("quote", wrong);
            return null;
        }

        return new AdmitItem(quote!.Usage(), quote.Price(), Description, Metadata) { Own = catalog.OwnTemplateOf(quote.Usage()) };
    }
}
