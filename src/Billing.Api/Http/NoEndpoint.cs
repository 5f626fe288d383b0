using Microsoft.AspNetCore.Http;

namespace Billing.Api.Http;

/// <summary>What answers where nothing is: the same error body as everywhere.</summary>
public static class NoEndpoint
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("NoEndpoint", "GET", "{*path}", Access.Anyone, HandleAsync);

    private static Task<IResult> HandleAsync(Call call) =>
        Task.FromResult(call.Refuse(new Refusal(Refusals.NotFound, $"There is no {call.Http.Request.Method} {call.Http.Request.Path} here; see /api/v1/openapi.json.")));
}
