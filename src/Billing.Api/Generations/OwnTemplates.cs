using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.Api.Quotes;
using Billing.Catalogs;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Reading;

namespace Billing.Api.Generations;

/// <summary>Finds the workspace's own templates that a request names, or its quote. One that the catalog has costs no look-up.</summary>
internal static class OwnTemplates
{
    private const int AtOnce = 32;

    /// <summary>The catalog, with those that the requests name.</summary>
    public static async Task<Catalog> AddAsync(ApiRequest call, Catalog catalog, string workspaceId, ImmutableArray<(ObjectReader Body, NamedQuote Quoted)> requests)
    {
        foreach (var ids in requests.SelectMany(request => MissingIn(catalog, request.Body, request.Quoted.Quote)).OfType<string>().Where(OwnTemplate.IsId).Distinct().Chunk(AtOnce).ToList())
        {
            var rows = await Task.WhenAll(ids.Select(ReadAsync)).ConfigureAwait(false);
            catalog = rows.OfType<Row>().Aggregate(catalog, (known, row) => known.With(RowJson.Read<OwnTemplate>(row.Data).ToTemplate()));
        }

        return catalog;

        Task<Row?> ReadAsync(string id) => call.Backend.Store.ReadAsync(new Partition(Table.Ledger, workspaceId), OwnTemplate.KeyOf(id), call.Cancellation);
    }

    private static IEnumerable<string?> MissingIn(Catalog catalog, ObjectReader body, Quote? quote) =>
        [catalog.MissingTemplate(body), quote is null ? null : catalog.MissingTemplate(quote.Usage())];
}
