using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.Catalogs;
using Billing.Generations;
using Billing.Reading;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Generations;

/// <summary><c>POST /generations/{id}/complete</c>: delivered; what was not is refunded pro rata.</summary>
public static class CompleteGeneration
{
    public const string Route = "api/v1/generations/{id}/complete";

    public static readonly ApiEndpoint Endpoint = new("CompleteGeneration", "POST", Route, Access.Service, HandleAsync) { Rate = RateCounting.Never, ServiceAlone = true };

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var command = Read(request.Body, request.Route("id"), request.Backend.Catalogs);
        return request.Body.Refusal() is { } mistakes
            ? request.Refuse(mistakes)
            : await GenerationWork.SettleAsync(request, (unit, catalog, _) => SettleDecisions.Complete(unit, catalog, command)).ConfigureAwait(false);
    }

    internal static Complete Read(ObjectReader body, string id, CatalogSet catalogs)
    {
        var units = body.Whole("succeeded_units", 0, int.MaxValue, required: false);
        return new Complete(id, units) { Delivered = catalogs.Known.Select(catalog => catalog.ReadDelivered(body)).Aggregate((all, more) => all.SetItems(more)) };
    }
}

/// <summary><c>POST /generations/{id}/fail</c>: failed; refunded, unless the reason is the customer's own doing.</summary>
public static class FailGeneration
{
    public const string Route = "api/v1/generations/{id}/fail";

    public static readonly ApiEndpoint Endpoint = new("FailGeneration", "POST", Route, Access.Service, HandleAsync) { Rate = RateCounting.Never, ServiceAlone = true };

    private static readonly ImmutableArray<string> Reasons = [.. RefundReasons.Automatic.Concat(RefundReasons.CustomersOwn).Order(StringComparer.Ordinal)];

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var command = Read(request.Body, request.Route("id"));
        return request.Body.Refusal() is { } mistakes
            ? request.Refuse(mistakes)
            : await GenerationWork.SettleAsync(request, (unit, _, _) => SettleDecisions.Fail(unit, command)).ConfigureAwait(false);
    }

    internal static Fail Read(ObjectReader body, string id) => new(id, body.OneOf("reason", Reasons) ?? "");
}

/// <summary><c>POST /generations/{id}/heartbeat</c>: it is alive and expires later.</summary>
public static class HeartbeatGeneration
{
    public const string Route = "api/v1/generations/{id}/heartbeat";

    public static readonly ApiEndpoint Endpoint = new("HeartbeatGeneration", "POST", Route, Access.Service, HandleAsync) { Rate = RateCounting.Never, ServiceAlone = true };

    private static async Task<IResult> HandleAsync(ApiRequest request) => request.Body.Refusal() is { } mistakes
        ? request.Refuse(mistakes)
        : await GenerationWork.SettleAsync(
            request,
            (unit, catalog, id) => SettleDecisions.Heartbeat(unit, id, catalog.GenerationTimeToLive)).ConfigureAwait(false);
}
