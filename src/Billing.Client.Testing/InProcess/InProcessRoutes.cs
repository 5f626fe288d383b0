using System.Collections.Immutable;
using Billing.Api.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Billing.Client.Testing.InProcess;

/// <summary>Finds the endpoint of a request, as a server would: of those that fit, the one that names most of the path.</summary>
internal static class InProcessRoutes
{
    // They ask storage itself, past the ports.
    private static readonly ImmutableArray<string> OfTheNetwork = ["health", "api/v1/admin/poison"];

    private static readonly ImmutableArray<(ApiEndpoint Endpoint, TemplateMatcher Matcher)> Routes =
    [
        .. EndpointTable.All
            .Where(endpoint => !OfTheNetwork.Any(route => endpoint.Route.StartsWith(route, StringComparison.Ordinal)))
            .OrderBy(endpoint => endpoint.Route.Count(character => character == '{'))
            .Select(endpoint => (endpoint, new TemplateMatcher(TemplateParser.Parse(endpoint.Route), []))),
    ];

    public static ApiEndpoint Find(HttpRequest request)
    {
        foreach (var (endpoint, matcher) in Routes.Where(route => route.Endpoint.Method == request.Method))
        {
            var values = new RouteValueDictionary();
            if (matcher.TryMatch(request.Path, values))
            {
                request.RouteValues = values;
                return endpoint;
            }
        }

        return NoEndpoint.Endpoint;
    }
}
