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
        headers["X-Request-Id"] = IdOf(response.HttpContext);
    }

    /// <summary>Names this request and no other: its trace, and where that is the caller's, who may send it again and again, its span, too.</summary>
    public static string IdOf(HttpContext http) => Activity.Current switch
    {
        null => http.TraceIdentifier,
        { ParentSpanId: var parent } activity when parent == default => activity.TraceId.ToString(),
        var activity => $"{activity.TraceId}-{activity.SpanId}",
    };
}
