using System.Collections.Frozen;
using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Pages;

/// <summary>The dashboard, the operator page and the API reference: files in this assembly, which ask the API like any other client.</summary>
public static class StaticPages
{
    /// <summary>The customers' page.</summary>
    public static readonly ApiEndpoint Dashboard = new("GetDashboard", "GET", Routes.Dashboard, Access.Anyone, call => ServeAsync(call, "dashboard.html"));

    /// <summary>The operators' page.</summary>
    public static readonly ApiEndpoint Operator = new("GetOperatorPage", "GET", Routes.OperatorPage, Access.Anyone, call => ServeAsync(call, "operator.html"));

    /// <summary>The contract, for people.</summary>
    public static readonly ApiEndpoint Reference = new("GetReference", "GET", Routes.Reference, Access.Anyone, call => ServeAsync(call, "reference.html"));

    /// <summary>Scripts and styles of all three.</summary>
    public static readonly ApiEndpoint Asset = new("GetAsset", "GET", Routes.Asset, Access.Anyone, call => ServeAsync(call, call.Route("file")));

    // No inline script or style, nothing from elsewhere, and nobody frames the page that a key is typed into.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Prefix = "Billing.Api.Pages.";

    private static readonly FrozenDictionary<string, string> ContentTypes = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> Files = typeof(StaticPages).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..], Read);

    private static Task<IResult> ServeAsync(Call call, string file)
    {
        if (!Files.TryGetValue(file, out var content) || !ContentTypes.TryGetValue(Path.GetExtension(file), out var contentType))
        {
            return Task.FromResult(call.Refuse(Refusal.NotFound("page")));
        }

        call.Http.Response.Headers.ContentSecurityPolicy = Policy;
        return Task.FromResult<IResult>(new JsonReply(StatusCodes.Status200OK, content, contentType));
    }

    private static string Read(string resource)
    {
        using var stream = typeof(StaticPages).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
