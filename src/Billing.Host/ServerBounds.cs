using Billing.Api.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Billing.Host;

/// <summary>What one request may take of the server before the API sees it.</summary>
internal static class ServerBounds
{
    public static void Set(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 2 * 1024 * 1024; // the API answers 413 above 64 or 512 KiB; this much more is read to say so
        RequestBounds.Set(kestrel.Limits);
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
    }
}
