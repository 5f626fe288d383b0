using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.Catalogs;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Plans;

/// <summary><c>GET /plans?product=</c>: the catalog as customers see it.</summary>
public static class GetPlans
{
    public const string Route = "api/v1/plans";

    public static readonly ApiEndpoint Endpoint = new("GetPlans", "GET", Route, Access.Anyone, HandleAsync)
    {
        Rate = RateCounting.Never,
        Recognises = true,
        Query = ["product"],
    };

    private static CatalogView View(ApiRequest request, Catalog catalog) => catalog.View() with { ActionUrl = request.Absolute(catalog.BuyUrl)! };

    private static Task<IResult> HandleAsync(ApiRequest request)
    {
        if (request.Query("product") is not { } product)
        {
            return Task.FromResult<IResult>(JsonReply.Of(new CatalogsView([.. request.Backend.Catalogs.All.Select(one => View(request, one))])));
        }

        return Task.FromResult(request.Backend.Catalogs.TryGet(product, out var catalog)
            ? JsonReply.Of(View(request, catalog))
            : request.Refuse(Refusal.Invalid("product", $"must be one of {string.Join(", ", request.Backend.Catalogs.All.Select(one => one.Product))}")));
    }
}

/// <summary>All catalogs, when no product is named.</summary>
public sealed record CatalogsView(ImmutableArray<CatalogView> Products);
