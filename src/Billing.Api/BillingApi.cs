using Billing.Api.Admin;
using Billing.Api.Callers;
using Billing.Api.Generations;
using Billing.Api.Http;
using Billing.Api.Plans;
using Billing.Api.Telemetry;
using Billing.Engine.Ports;
using Billing.Reading;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Billing.Api;

/// <summary>The one pipeline around every handler: bounds, caller, access, rate limit, errors. It leans on no middleware, for under Functions there is none.</summary>
public sealed partial class BillingApi(Backend backend, PlanMemory plans, BillingMetrics metrics, ILogger<BillingApi> logger)
{
    private const int LongestIdempotencyKey = 255;

    /// <summary>Answers a request to an endpoint.</summary>
    public async Task<IResult> HandleAsync(HttpContext http, ApiEndpoint endpoint)
    {
        ResponseHeaders.Set(http.Response);
        endpoint = RouteMatch.EndpointFor(http, endpoint);
        var result = RequestBounds.MistakeIn(http.Request) is { } beyond ? Refuse(http, beyond) : await CaughtAsync(http, endpoint).ConfigureAwait(false);
        if (result is JsonReply { Refusal: { } code })
        {
            metrics.Refused(code, endpoint.Name);
        }

        return result;
    }

    private async Task<IResult> CaughtAsync(HttpContext http, ApiEndpoint endpoint)
    {
        try
        {
            return await AnswerAsync(http, endpoint).ConfigureAwait(false);
        }
        catch (StorageUnavailableException exception)
        {
            Log.StorageUnavailable(logger, exception, endpoint.Name);
            return Refuse(http, new Refusal(RefusalCodes.StorageUnavailable, "Storage did not answer in time. The same request, with the same Idempotency-Key, can be sent again."));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return Results.Empty;
        }
        catch (BadHttpRequestException exception)
        {
            return Refuse(http, exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? BodyReader.TooLarge(endpoint) : Refusal.Invalid("body", "could not be read"));
        }
#pragma warning disable CA1031 // the outermost catch: whatever it is, the caller gets an answer that can be found in the log
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.RequestFailed(logger, exception, endpoint.Name, ResponseHeaders.IdOf(http));
            return Refuse(http, new Refusal(RefusalCodes.Internal, "Something went wrong here. Nothing is known to have been charged; the same request, with the same Idempotency-Key, can be sent again."));
        }
    }

    private async Task<IResult> AnswerAsync(HttpContext http, ApiEndpoint endpoint)
    {
        if (endpoint.Access != Access.Anyone)
        {
            await plans.ReadyAsync(http.RequestAborted).ConfigureAwait(false);
        }

        var who = await backend.Authentication.AuthenticateAsync(http.Request, endpoint, http.RequestAborted).ConfigureAwait(false);
        if (!who.TryGet(out var caller, out var stranger))
        {
            return Refuse(http, stranger);
        }

        if (endpoint.Access is Access.Customer or Access.Reader && !caller.IsCustomer && caller.Kind == Access.Service)
        {
            return Refuse(http, Pricing.NoCustomer());
        }

        var bytes = endpoint.TakesBody ? await BodyReader.ReadAsync(http.Request, endpoint.MostBodyBytes).ConfigureAwait(false) : ReadOnlyMemory<byte>.Empty;
        var body = BodyReader.Parse(bytes ?? default);
        var newcomer = endpoint.OpensAccounts ? FirstSight.Read(body, caller, backend.Catalogs) : null;
        if (caller.Candidates is { } candidates && !FirstSight.Choose(caller, candidates, newcomer, backend).TryGet(out caller, out var nobody))
        {
            return Refuse(http, body.Mistakes.Refusal() ?? nobody);
        }

        if (caller.Product is { } product)
        {
            await plans.KnowAsync(product).ConfigureAwait(false);
        }

        var call = new ApiRequest(backend, http, endpoint, caller, body, bytes) { Newcomer = newcomer };
        var mistake = bytes is null ? BodyReader.TooLarge(endpoint) : BodyReader.EncodingMistakeIn(http.Request, endpoint) ?? body.Mistakes.Refusal() ?? KeyMistakeIn(http.Request, endpoint) ?? QueryMistakeIn(http.Request, endpoint);
        if (endpoint.Access != Access.Anyone && (endpoint.Access & caller.Kind) == 0)
        {
            mistake = new Refusal(RefusalCodes.Forbidden, "This credential may not call this endpoint.");
        }

        if (caller.IsFormer)
        {
            return await StoredAnswers.FindAsync(call).ConfigureAwait(false) ?? call.Refuse(Authentication.WrongCustomerKey());
        }

        return await LimitedAsync(call, endpoint, mistake).ConfigureAwait(false);
    }

    private static async Task<IResult> LimitedAsync(ApiRequest call, ApiEndpoint endpoint, Refusal? mistake)
    {
        // A repeat is answered before anything is counted or refused. Admits, the many, look only once they would be refused: their commit sees a repeat by itself.
        var first = endpoint.Rate != RateCounting.WithDecision || mistake is not null;
        if (first && mistake?.Code != RefusalCodes.Forbidden && await StoredAnswers.FindAsync(call).ConfigureAwait(false) is { } before)
        {
            return before;
        }

        if (first)
        {
            await call.CountAsync().ConfigureAwait(false);
        }

        var result = call.Rate is { Accepted: false } ? null
            : mistake is not null ? call.Refuse(mistake)
            : await endpoint.Handle(call).ConfigureAwait(false);
        if ((call.Rate is { Accepted: false } || result is JsonReply { Refusal: not null }) && await StoredAnswers.FindAsync(call).ConfigureAwait(false) is { } stored)
        {
            return stored;
        }

        await call.CountAsync().ConfigureAwait(false);
        return call.Rate is { Accepted: false } refused ? call.Refuse(refused.Refusal) : result!;
    }

    private static Refusal? KeyMistakeIn(HttpRequest request, ApiEndpoint endpoint)
    {
        var keys = request.Headers["Idempotency-Key"];
        if (keys.Count > 0 && endpoint.ShowsSecret)
        {
            return Refusal.Invalid("Idempotency-Key", "is not taken here: the answer shows a secret, which is kept nowhere to be given again");
        }

        var sound = keys.Count == 0
            || (keys.Count == 1 && keys[0]!.Length is > 0 and <= LongestIdempotencyKey && keys[0]!.All(character => character is >= ' ' and <= '~'));
        return sound ? null : Refusal.Invalid("Idempotency-Key", $"must be one header of 1 to {LongestIdempotencyKey} printable ASCII characters");
    }

    /// <summary>A parameter that nobody reads, or reads once of twice, is a question that would be answered wrongly.</summary>
    private static Refusal? QueryMistakeIn(HttpRequest request, ApiEndpoint endpoint)
    {
        var mistakes = new Mistakes();
        if (!request.QueryString.HasValue || endpoint == NoEndpoint.Endpoint || endpoint.TakesAnyQuery)
        {
            return null;
        }

        foreach (var (name, values) in request.Query)
        {
            var known = endpoint.Query.FirstOrDefault(known => known == name || ApiRequest.AliasOf(known) == name);
            if (known is null)
            {
                mistakes.Add(name, endpoint.Query.IsEmpty ? "is no parameter here; there are none" : $"is no parameter here; there are {string.Join(", ", endpoint.Query)}");
            }
            else if (values.Count > 1 || (name != known && request.Query.ContainsKey(known)))
            {
                mistakes.Add(name, "is given twice");
            }
        }

        return mistakes.Refusal();
    }

    private JsonReply Refuse(HttpContext http, Refusal refusal) => Problem.Reply(refusal, http, backend.Clock.GetUtcNow());

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Endpoint}: storage is unavailable")]
        public static partial void StorageUnavailable(ILogger logger, Exception exception, string endpoint);

        [LoggerMessage(2, LogLevel.Error, "{Endpoint} failed; request {RequestId}")]
        public static partial void RequestFailed(ILogger logger, Exception exception, string endpoint, string requestId);
    }
}
