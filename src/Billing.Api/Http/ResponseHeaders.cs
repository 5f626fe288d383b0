using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Http;

/// <summary>What every answer of the API carries.</summary>
internal static class ResponseHeaders
{
    public static void Set(HttpResponse response)
    {
        var headers = response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["X-Request-Id"] = Activity.Current?.TraceId.ToString() ?? response.HttpContext.TraceIdentifier;
    }
}
