using System.Diagnostics;

namespace Billing.Api.Telemetry;

/// <summary>Where spans come from: listen to the source of this name. HTTP requests have ASP.NET Core's own spans.</summary>
public static class Spans
{
    /// <summary>The name of the source of spans, and of the meter.</summary>
    public const string Name = "Billing";

    /// <summary>The source.</summary>
    public static readonly ActivitySource Source = new(Name);

    /// <summary>Notes that what a span stands for failed.</summary>
    public static void Fail(this Activity? span, string why) => span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", why);
}
