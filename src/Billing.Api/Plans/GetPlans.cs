using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.Catalogs;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Plans;

/// <summary><c>GET /plans?product=</c>: the catalog as customers see it.</summary>
public static class GetPlans
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("GetPlans", "GET", Routes.Plans, Access.Anyone, HandleAsync);

    private static Task<IResult> HandleAsync(Call call)
    {
        if (call.Query("product") is not { } product)
        {
            return Task.FromResult<IResult>(JsonReply.Of(new CatalogsView([.. call.Backend.Catalogs.All.Select(one => one.View())])));
        }

        return Task.FromResult(call.Backend.Catalogs.TryGet(product, out var catalog)
            ? JsonReply.Of(catalog.View())
            : call.Refuse(Refusal.Invalid("product", $"must be one of {string.Join(", ", call.Backend.Catalogs.All.Select(one => one.Product))}")));
    }
}

/// <summary>All catalogs, when no product is named.</summary>
public sealed record CatalogsView(ImmutableArray<CatalogView> Products);
