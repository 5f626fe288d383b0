using Billing.Api.Http;
using Billing.Generations;
using Billing.Refunds;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Generations;

/// <summary><c>POST /generations/{id}/complete</c>: delivered; what was not is refunded pro rata.</summary>
public static class CompleteGeneration
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("CompleteGeneration", "POST", Routes.Complete, Access.Service, HandleAsync) { Rate = RateCounting.Never };

    private static async Task<IResult> HandleAsync(Call call)
    {
        var units = call.Body.Whole("succeeded_units", 0, int.MaxValue);
        return call.Body.Mistakes is { } mistakes
            ? call.Refuse(mistakes)
            : await GenerationWork.DecideAsync(call, (draft, id) => SettleDecisions.Complete(draft, new Complete(id, units)), tellsBalance: true).ConfigureAwait(false);
    }
}

/// <summary><c>POST /generations/{id}/fail</c>: failed; refunded, unless the reason is the customer's own doing.</summary>
public static class FailGeneration
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("FailGeneration", "POST", Routes.Fail, Access.Service, HandleAsync) { Rate = RateCounting.Never };

    private static async Task<IResult> HandleAsync(Call call)
    {
        var reason = call.Body.Choice("reason", [.. RefundReasons.Automatic, .. RefundReasons.CustomersOwn]);
        return call.Body.Mistakes is { } mistakes
            ? call.Refuse(mistakes)
            : await GenerationWork.DecideAsync(call, (draft, id) => SettleDecisions.Fail(draft, new Fail(id, reason)), tellsBalance: true).ConfigureAwait(false);
    }
}

/// <summary><c>POST /generations/{id}/heartbeat</c>: it is alive and expires later.</summary>
public static class HeartbeatGeneration
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("HeartbeatGeneration", "POST", Routes.Heartbeat, Access.Service, HandleAsync) { Rate = RateCounting.Never };

    private static async Task<IResult> HandleAsync(Call call) => call.Body.Mistakes is { } mistakes
        ? call.Refuse(mistakes)
        : await GenerationWork.DecideAsync(
            call,
            (draft, id) => SettleDecisions.Heartbeat(draft, id, call.Backend.Catalogs[draft.Account.Product].GenerationTimeToLive)).ConfigureAwait(false);
}
