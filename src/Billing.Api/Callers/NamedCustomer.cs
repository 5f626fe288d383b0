using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using Billing.Api.Admin;
using Billing.Reading;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Callers;

/// <summary>The customer that the service acts for, as its headers name it: in one way, or none at all.</summary>
/// <param name="Key">The customer's API key.</param>
/// <param name="WorkspaceId">The customer's workspace.</param>
/// <param name="ExternalId">The seller's own id of the customer's account.</param>
/// <param name="Product">The product that the account is a customer of, where the id alone does not tell; null where it was not said.</param>
/// <param name="TestMode">Whether it is meant as a test; null where that was not said.</param>
internal sealed record NamedCustomer(string? Key, string? WorkspaceId, string? ExternalId, string? Product, bool? TestMode)
{
    public const string KeyHeader = "X-Api-Key";
    public const string WorkspaceHeader = "X-Workspace-Id";
    public const string ExternalHeader = "X-External-Id";
    public const string ProductHeader = "X-Product";
    public const string TestHeader = "X-Test-Mode";
    private static readonly ImmutableArray<string> Ways = [KeyHeader, WorkspaceHeader, ExternalHeader];
    private static readonly ImmutableArray<string> Headers = [.. Ways, ProductHeader, TestHeader];

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

        var externalId = ways.Contains(ExternalHeader) ? ExternalIdIn(headers[ExternalHeader], mistakes) : null;
        if (headers.ContainsKey(ProductHeader) && !ways.Contains(ExternalHeader))
        {
            mistakes.Add(ProductHeader, $"comes with {ExternalHeader}");
        }

        var testMode = TestModeIn(headers[TestHeader], mistakes);
        if (testMode is not null && ways.IsEmpty)
        {
            mistakes.Add(TestHeader, $"comes with {WorkspaceHeader} or {ExternalHeader}; here no customer is named");
        }

        return mistakes.Refusal() is { } refusal ? refusal : new NamedCustomer(headers[KeyHeader], headers[WorkspaceHeader], externalId, headers[ProductHeader], testMode);
    }

    // Headers are ASCII, ids are not: what is no percent-encoding of UTF-8 names nobody.
    private static string? ExternalIdIn(string? text, Mistakes mistakes)
    {
        var externalId = Decoded(text ?? "");
        if (externalId is null || !AccountFields.IsExternalId(externalId))
        {
            mistakes.Add(ExternalHeader, $"must be the seller's own id of an account, percent-encoded as UTF-8, of at most {AccountFields.LongestExternalId} characters");
        }

        return externalId;
    }

    private static string? Decoded(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is < '!' or > '~' || (text[i] == '%' && (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))))
            {
                return null;
            }

            bytes.Add(text[i] == '%' ? Convert.FromHexString(text.AsSpan(i + 1, 2))[0] : (byte)text[i]);
            i += text[i] == '%' ? 2 : 0;
        }

        var utf8 = bytes.ToArray();
        return Utf8.IsValid(utf8) ? Encoding.UTF8.GetString(utf8) : null;
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
