using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Billing.Api.Http;

/// <summary>How much a request may say before its body. The server reads more than is allowed, so that it can be answered with what is wrong.</summary>
public static class RequestBounds
{
    private const int LongestTarget = 8 * 1024;
    private const int MostHeaderBytes = 16 * 1024;
    private const int MostHeaders = 64;
    private const int ReadMore = 8;

    /// <summary>Sets what the server reads: beyond it there is no answer but a bare status.</summary>
    public static void Set(KestrelServerLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        limits.MaxRequestLineSize = ReadMore * LongestTarget;
        limits.MaxRequestHeadersTotalSize = ReadMore * MostHeaderBytes;
        limits.MaxRequestHeaderCount = ReadMore * MostHeaders;
    }

    internal static Refusal? MistakeIn(HttpRequest request)
    {
        var target = request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (target.Length > LongestTarget || request.Path.Value?.Length + request.QueryString.Value?.Length > LongestTarget)
        {
            return new Refusal(RefusalCodes.UriTooLong, $"The request's path and query are longer than {LongestTarget} characters.");
        }

        return request.Headers.Count > MostHeaders || BytesOf(request.Headers) > MostHeaderBytes
            ? new Refusal(RefusalCodes.HeadersTooLarge, $"The request's headers are more than {MostHeaders} or larger than {MostHeaderBytes} bytes.")
            : null;
    }

    private static int BytesOf(IHeaderDictionary headers)
    {
        var bytes = 0;
        foreach (var (name, values) in headers)
        {
            bytes += name.Length + (values.Count == 1 ? values[0]?.Length ?? 0 : values.Sum(value => value?.Length ?? 0));
        }

        return bytes;
    }
}
