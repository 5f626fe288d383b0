using Microsoft.Extensions.Logging;

namespace Billing.Client;

/// <summary>The way to the backend. What can change while the process runs is asked for anew by every call.</summary>
internal sealed record Connection(Func<HttpClient> Http, Func<BillingOptions> Options, ILogger Logger)
{
    /// <summary>A connection that the caller made; its key and options stay.</summary>
    public static Connection Of(HttpClient http, BillingOptions options, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentException.ThrowIfNullOrEmpty(options.Key, options.KeyName);
        return new Connection(() => http, () => options, logger);
    }
}
