using System.Collections.Immutable;
using System.Text.Json;
using Billing.Api.Http;
using Billing.Api.Quotes;
using Billing.Catalogs;
using Billing.Generations;

namespace Billing.Api.Generations;

/// <summary>The fields that every product's generation request has; what is left are the product's own.</summary>
internal sealed record GenerationRequest(
    string? WorkspaceId,
    string? Quote,
    string? Description,
    ImmutableSortedDictionary<string, string>? Metadata,
    IReadOnlyDictionary<string, JsonElement> Parameters)
{
    public static GenerationRequest Read(RequestBody body) => new(
        body.Text("workspace_id", alias: "workspaceId"),
        body.Text("quote", longest: 16_000),
        body.Text("description"),
        body.Strings("metadata"),
        body.Rest());

    /// <summary>What is wanted, priced by the quote if there is one, else by the catalog.</summary>
    public Outcome<Wanted> Price(Catalog catalog, QuoteTokens quotes, string workspaceId, DateTimeOffset now)
    {
        if (Quote is null)
        {
            return catalog.ParseUsage(Parameters).TryGet(out var usage, out var refusal)
                ? new Wanted(usage, catalog.Price(usage), Description, Metadata)
                : refusal;
        }

        if (quotes.Find(Quote) is not { } quote || quote.WorkspaceId != workspaceId)
        {
            return Refusal.Invalid("quote", "is not a quote for this workspace");
        }

        if (quote.ExpiresAt <= now)
        {
            return Refusal.Invalid("quote", $"expired at {Instants.Text(quote.ExpiresAt)}");
        }

        if (Parameters.Count > 0 && !(catalog.ParseUsage(Parameters).TryGet(out var same, out _) && same.Equals(quote.Usage())))
        {
            return Refusal.Invalid("quote", "is for other parameters; leave them out, or repeat those that were quoted");
        }

        return new Wanted(quote.Usage(), quote.Price(), Description, Metadata);
    }
}
