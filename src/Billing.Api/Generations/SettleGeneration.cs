using Billing.Api.Http;
using Billing.Generations;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Generations;

/// <summary><c>POST /generations/{id}/complete</c>: delivered; what was not is refunded pro rata.</summary>
public static class CompleteGeneration
{
    public const string Route = "api/v1/generations/{id}/complete";

    public static readonly ApiEndpoint Endpoint = new("CompleteGeneration", "POST", Route, Access.Service, HandleAsync) { Rate = RateCounting.Never, ServiceAlone = true };

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var units = request.Body.Whole("succeeded_units", 0, int.MaxValue, required: false);
        var delivered = request.Backend.Catalogs.Known.Select(catalog => catalog.ReadDelivered(request.Body)).Aggregate((all, more) => all.SetItems(more));
        return request.Body.Refusal() is { } mistakes
            ? request.Refuse(mistakes)
            : await GenerationWork.SettleAsync(request, (unit, catalog, id) => SettleDecisions.Complete(unit, catalog, new Complete(id, units) { Delivered = delivered })).ConfigureAwait(false);
    }
}

/// <summary><c>POST /generations/{id}/fail</c>: failed; refunded, unless the reason is the customer's own doing.</summary>
public static class FailGeneration
{
    public const string Route = "api/v1/generations/{id}/fail";

    public static readonly ApiEndpoint Endpoint = new("FailGeneration", "POST", Route, Access.Service, HandleAsync) { Rate = RateCounting.Never, ServiceAlone = true };

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var reason = request.Body.OneOf("reason", [.. RefundReasons.Automatic.Concat(RefundReasons.CustomersOwn).Order(StringComparer.Ordinal)]) ?? "";
        return request.Body.Refusal() is { } mistakes
            ? request.Refuse(mistakes)
            : await GenerationWork.SettleAsync(request, (unit, _, id) => SettleDecisions.Fail(unit, new Fail(id, reason))).ConfigureAwait(false);
    }
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
