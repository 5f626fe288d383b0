using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Billing.Api.Http;

/// <summary>Finds the endpoints of a path, for requests that no route took: HEAD, and methods that are wrong.</summary>
internal static class RouteMatch
{
    private static readonly ImmutableArray<(ApiEndpoint Endpoint, TemplateMatcher Matcher)> Routes =
        [.. EndpointTable.All.Select(endpoint => (endpoint, new TemplateMatcher(TemplateParser.Parse(endpoint.Route), [])))];

    /// <summary>What answers a request: HEAD as GET would, without a body.</summary>
    public static ApiEndpoint EndpointFor(HttpContext http, ApiEndpoint routed)
    {
        if (routed.Name != NoEndpoint.Endpoint.Name || !HttpMethods.IsHead(http.Request.Method))
        {
            return routed;
        }

        foreach (var (endpoint, matcher) in Routes.Where(route => HttpMethods.IsGet(route.Endpoint.Method)))
        {
            var values = new RouteValueDictionary();
            if (matcher.TryMatch(http.Request.Path, values))
            {
                http.Request.RouteValues = values;
                return endpoint;
            }
        }

        return routed;
    }

    /// <summary>The methods that a path takes; none where nothing is.</summary>
    public static ImmutableArray<string> Methods(HttpContext http)
    {
        var methods = Routes.Where(route => route.Matcher.TryMatch(http.Request.Path, [])).Select(route => route.Endpoint.Method).Distinct().ToImmutableArray();
        return [.. (methods.Contains("GET") ? methods.Add("HEAD") : methods).Order(StringComparer.Ordinal)];
    }
}
