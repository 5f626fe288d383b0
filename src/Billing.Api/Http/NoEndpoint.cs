using Microsoft.AspNetCore.Http;

namespace Billing.Api.Http;

/// <summary>What answers where nothing is: the same error body as everywhere; on a known path it says which methods are.</summary>
public static class NoEndpoint
{
    public static readonly ApiEndpoint Endpoint = new("NoEndpoint", "GET", "{*path}", Access.Anyone, HandleAsync)
    {
        Rate = RateCounting.Never,
        Recognises = true,
    };

    private static Task<IResult> HandleAsync(ApiRequest request)
    {
        var (method, path) = (request.Http.Request.Method, request.Http.Request.Path);
        var methods = RouteMatch.Methods(request.Http);
        if (methods.IsEmpty)
        {
            return Task.FromResult(request.Refuse(new Refusal(RefusalCodes.NotFound, $"There is no {method} {path} here; see /api/v1/openapi.json.")));
        }

        request.Http.Response.Headers.Allow = string.Join(", ", methods);
        return Task.FromResult(request.Refuse(new Refusal(RefusalCodes.MethodNotAllowed, $"{path} does not take {method}, but {string.Join(", ", methods)}.")));
    }
}
