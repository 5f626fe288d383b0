using System.Collections.Frozen;
using Billing.Api.Http;
using Billing.Catalogs;
using Billing.Events;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Pages;

/// <summary>The first page, those of plans and prices, of customers, of operators, and the API reference: files in this assembly, which ask the API like any other client.</summary>
public static class StaticPages
{
    public const string LandingRoute = "";

    /// <summary>The landing page's for the Functions host, which takes an empty route for none: one whose only part may be left out, and has no character.</summary>
    public const string LandingTrigger = "{nothing:maxlength(0)?}";
    public const string PricingRoute = "pricing";
    public const string DashboardRoute = "dashboard";
    public const string OperatorRoute = "operator";
    public const string ReferenceRoute = "reference";
    public const string AssetRoute = "assets/{file}";

    /// <summary>What this is, and where to go from here.</summary>
    public static readonly ApiEndpoint Landing = new("GetLandingPage", "GET", LandingRoute, Access.Anyone, request => ServeAsync(request, "landing.html"));

    /// <summary>Plans and prices, for whoever may buy.</summary>
    public static readonly ApiEndpoint Pricing = new("GetPricingPage", "GET", PricingRoute, Access.Anyone, request => ServeAsync(request, "pricing.html"))
    {
        TakesAnyQuery = true,
    };

    /// <summary>The customers' page.</summary>
    public static readonly ApiEndpoint Dashboard = new("GetDashboard", "GET", DashboardRoute, Access.Anyone, request => ServeAsync(request, "dashboard.html"));

    /// <summary>The operators' page.</summary>
    public static readonly ApiEndpoint Operator = new("GetOperatorPage", "GET", OperatorRoute, Access.Anyone, request => ServeAsync(request, "operator.html"));

    /// <summary>The contract, for people.</summary>
    public static readonly ApiEndpoint Reference = new("GetReference", "GET", ReferenceRoute, Access.Anyone, request => ServeAsync(request, "reference.html"));

    /// <summary>Scripts and styles of them all.</summary>
    public static readonly ApiEndpoint Asset = new("GetAsset", "GET", AssetRoute, Access.Anyone, request => ServeAsync(request, request.Route("file")));

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
        .Select(name => KeyValuePair.Create(name[Prefix.Length..], Read(name)))
        .Append(KeyValuePair.Create("events.js", $"export const EVENTS = {ApiJson.Write(EventTypes.OfCustomers.Remove(EventTypes.Ping))};"))
        .Append(KeyValuePair.Create("limits.js", $"export const LIMITS = {ApiJson.Write(PlanLimit.All.Select(limit => new { limit.Name, limit.Title, limit.Noun }))};"))
        .ToFrozenDictionary();

    private static Task<IResult> ServeAsync(ApiRequest request, string file)
    {
        if (!Files.TryGetValue(file, out var content) || !ContentTypes.TryGetValue(Path.GetExtension(file), out var contentType))
        {
            return Task.FromResult(request.Refuse(Refusal.NotFound("page")));
        }

        request.Http.Response.Headers.ContentSecurityPolicy = Policy;
        return Task.FromResult<IResult>(new JsonReply(StatusCodes.Status200OK, content, contentType));
    }

    private static string Read(string resource)
    {
        using var stream = typeof(StaticPages).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
