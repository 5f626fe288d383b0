using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.OpenApi;

/// <summary><c>GET /openapi.json</c>: the contract, for machines, with the bodies of what is sold here.</summary>
public static class GetOpenApi
{
    /// <summary>The document of the shipped catalogs, as embedded in this assembly: the frame of every deployment's.</summary>
    public static readonly Lazy<string> Frame = new(() =>
    {
        using var stream = typeof(GetOpenApi).Assembly.GetManifestResourceStream("Billing.Api.OpenApi.openapi.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });

    public const string Route = "api/v1/openapi.json";

    public static readonly ApiEndpoint Endpoint = new(
        "GetOpenApi", "GET", Route, Access.Anyone, request => Task.FromResult<IResult>(new JsonReply(200, request.Backend.Document.Value)))
    {
        Rate = RateCounting.Never,
        Recognises = true,
    };
}
