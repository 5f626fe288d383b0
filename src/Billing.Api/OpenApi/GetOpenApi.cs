using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.OpenApi;

/// <summary><c>GET /openapi.json</c>: the contract, for machines.</summary>
public static class GetOpenApi
{
    /// <summary>The document, as embedded in this assembly.</summary>
    public static readonly Lazy<string> Document = new(() =>
    {
        using var stream = typeof(GetOpenApi).Assembly.GetManifestResourceStream("Billing.Api.OpenApi.openapi.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });

    public const string Route = "api/v1/openapi.json";

    public static readonly ApiEndpoint Endpoint = new("GetOpenApi", "GET", Route, Access.Anyone, _ => Task.FromResult<IResult>(new JsonReply(200, Document.Value)))
    {
        Rate = RateCounting.Never,
        Recognises = true,
    };
}
