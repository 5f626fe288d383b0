using System.Collections.Immutable;
using System.Reflection;

namespace Billing.Api.Http;

/// <summary>Every endpoint, from where it is declared beside its handler: the Host maps these in a loop, the Functions app has a function for each.</summary>
public static class EndpointTable
{
    private static readonly ImmutableArray<ApiEndpoint> Declared =
    [
        .. typeof(EndpointTable).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(field => field.FieldType == typeof(ApiEndpoint))
            .Select(field => (ApiEndpoint)field.GetValue(null)!)
            .Where(endpoint => endpoint != NoEndpoint.Endpoint),
    ];

    /// <summary>The endpoints of a deployment.</summary>
    public static readonly ImmutableArray<ApiEndpoint> All = [.. Declared.Where(endpoint => !IsForDevelopment(endpoint))];

    /// <summary>What a development clock adds.</summary>
    public static readonly ImmutableArray<ApiEndpoint> Development = [.. Declared.Where(IsForDevelopment)];

    private static bool IsForDevelopment(ApiEndpoint endpoint) => endpoint.Route.StartsWith("dev/", StringComparison.Ordinal);
}
