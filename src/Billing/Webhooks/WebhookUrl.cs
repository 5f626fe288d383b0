using System.Net;

namespace Billing.Webhooks;

/// <summary>Which URLs deliveries may be sent to, as far as a URL alone can tell: what a name resolves to is checked when it is connected to.</summary>
public static class WebhookUrl
{
    /// <summary>Longest URL, in characters.</summary>
    public const int MaxLength = 2_000;

    private const int FirstUserPort = 1024;

    /// <summary>What is wrong with a URL; null when it can be an endpoint's.</summary>
    /// <param name="development">True to let plain http and loopback receivers pass.</param>
    public static string? MistakeIn(string url, bool development)
    {
        if (url.Length > MaxLength || url.Any(character => character is <= ' ' or '\\' or '\x7f') || !Uri.TryCreate(url, UriKind.Absolute, out var uri))
        {
            return $"must be an absolute URL of at most {MaxLength} characters";
        }

        if (uri.Scheme != Uri.UriSchemeHttps && !(development && uri.Scheme == Uri.UriSchemeHttp))
        {
            return "must begin with https://";
        }

        if (uri.UserInfo.Length > 0)
        {
            return "must not hold a user name or password";
        }

        if (url.Contains('#'))
        {
            return "must not have a fragment";
        }

        return PortMistake(uri, development) ?? HostMistake(uri, development);
    }

    /// <summary>Low ports belong to other protocols, whose servers could be made to take our request for theirs.</summary>
    private static string? PortMistake(Uri uri, bool development) => uri.Port is 443 or >= FirstUserPort || (development && uri.Port > 0)
        ? null
        : $"must use port 443 or one from {FirstUserPort} on";

    private static string? HostMistake(Uri uri, bool development)
    {
        const string NotPublic = "must name a host on the public internet";
        if (HostOf(uri) is not { } host)
        {
            return NotPublic;
        }

        // Whatever Uri takes it for: other scripts' full stops, or one at its end, make an address look like a name.
        if (IPAddress.TryParse(host, out var address))
        {
            return BlockedAddresses.MayReach(address, loopback: development) ? null : NotPublic;
        }

        var local = host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        return uri.HostNameType == UriHostNameType.Dns && host.Length > 0 && (development || (!local && host.Contains('.'))) ? null : NotPublic;
    }

    /// <returns>Null for a name that no domain can have: Uri lets it in and finds out only when asked for it.</returns>
    private static string? HostOf(Uri uri)
    {
        try
        {
            return uri.IdnHost.TrimEnd('.');
        }
        catch (UriFormatException)
        {
            return null;
        }
    }
}
