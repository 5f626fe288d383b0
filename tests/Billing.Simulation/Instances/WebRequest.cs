using System.Collections.Immutable;
using System.Text;
using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Simulation.Instances;

/// <summary>A request over HTTP.</summary>
/// <param name="Label">For the trace.</param>
/// <param name="Endpoint">What its method and path lead to.</param>
/// <param name="Credential">Whose it is.</param>
/// <param name="Body">JSON.</param>
internal sealed record WebRequest(string Label, ApiEndpoint Endpoint, string Credential, string Body)
{
    /// <summary>Values of the route.</summary>
    public ImmutableSortedDictionary<string, string> Route { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The customer's key that the service passes on.</summary>
    public string? ApiKey { get; init; }

    public string? IdempotencyKey { get; init; }

    /// <summary>Method and path.</summary>
    public string Line => $"{Endpoint.Method} {Path}";

    private string Path => Route.Aggregate("/" + Endpoint.Route, (path, value) => path.Replace($"{{{value.Key}}}", value.Value, StringComparison.Ordinal));

    /// <summary>As a server would hand it over.</summary>
    public HttpContext ToContext()
    {
        var http = new DefaultHttpContext { TraceIdentifier = Label };
        var (request, bytes) = (http.Request, Encoding.UTF8.GetBytes(Body));
        (request.Method, request.Scheme, request.Host, request.Path) = (Endpoint.Method, "https", new HostString("billing.example"), Path);
        request.Headers.Authorization = $"Bearer {Credential}";
        Add("X-Api-Key", ApiKey);
        Add("Idempotency-Key", IdempotencyKey);
        (request.ContentType, request.ContentLength, request.Body) = ("application/json", bytes.Length, new MemoryStream(bytes));
        foreach (var (name, value) in Route)
        {
            request.RouteValues[name] = value;
        }

        return http;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                request.Headers[name] = value;
            }
        }
    }
}
