using System.Collections.Immutable;
using Billing.Reading;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Callers;

/// <summary>The customer that the service acts for, as its headers name it: in one way, or none at all.</summary>
/// <param name="Key">The customer's API key.</param>
/// <param name="WorkspaceId">The customer's workspace.</param>
/// <param name="TestMode">Whether it is meant as a test; null where that was not said.</param>
internal sealed record NamedCustomer(string? Key, string? WorkspaceId, bool? TestMode)
{
    public const string KeyHeader = "X-Api-Key";
    public const string WorkspaceHeader = "X-Workspace-Id";
    public const string ExternalHeader = "X-External-Id";
    public const string TestHeader = "X-Test-Mode";
    private static readonly ImmutableArray<string> Ways = [KeyHeader, WorkspaceHeader, ExternalHeader];
    private static readonly ImmutableArray<string> Headers = [.. Ways, TestHeader];

    /// <summary>The first of these headers that a request has; null when it has none. Only the service's may.</summary>
    public static string? HeaderIn(HttpRequest request) => Headers.FirstOrDefault(request.Headers.ContainsKey);

    public static Outcome<NamedCustomer> Read(HttpRequest request)
    {
        var (headers, mistakes) = (request.Headers, new Mistakes());
        // Two lines of a header and one with a comma are the same; none of these values has one.
        foreach (var name in Headers.Where(name => headers[name].ToString().Contains(',', StringComparison.Ordinal)))
        {
            mistakes.Add(name, "is given twice");
        }

        ImmutableArray<string> ways = [.. Ways.Where(headers.ContainsKey)];
        foreach (var name in ways.Where(_ => ways.Length > 1))
        {
            mistakes.Add(name, $"must not come with {string.Join(" or ", ways.Where(other => other != name))}: a customer is named in one way");
        }

        // Its place is here; passed over, the call would be about nobody.
        if (ways.Contains(ExternalHeader))
        {
            mistakes.Add(ExternalHeader, $"is not taken; name the customer by {KeyHeader} or {WorkspaceHeader}");
        }

        var testMode = TestModeIn(headers[TestHeader], mistakes);
        if (testMode is not null && ways.IsEmpty)
        {
            mistakes.Add(TestHeader, $"comes with {WorkspaceHeader}; here no customer is named");
        }

        return mistakes.Refusal() is { } refusal ? refusal : new NamedCustomer(headers[KeyHeader], headers[WorkspaceHeader], testMode);
    }

    private static bool? TestModeIn(string? text, Mistakes mistakes)
    {
        if (text is not (null or "true" or "false"))
        {
            mistakes.Add(TestHeader, "must be true or false");
        }

        return text is null ? null : text == "true";
    }
}
