using Microsoft.AspNetCore.Http;

namespace Billing.Api.Http;

/// <summary>One row of the table of endpoints.</summary>
/// <param name="Name">Unique; the Functions app's function of that name serves it.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Route">Route from the root, without a leading slash.</param>
/// <param name="Access">Who may call it.</param>
/// <param name="Handle">Parses, calls, replies.</param>
public sealed record ApiEndpoint(string Name, string Method, string Route, Access Access, Func<Call, Task<IResult>> Handle)
{
    /// <summary>How a key's request is counted against its rate limit.</summary>
    public RateCounting Rate { get; init; } = RateCounting.First;

    /// <summary>True when the endpoint takes a JSON body (an absent one counts as <c>{}</c>).</summary>
    public bool TakesBody => Method is "POST" or "PUT" or "DELETE";
}

/// <summary>When a key's request is counted.</summary>
public enum RateCounting
{
    /// <summary>Before the handler runs.</summary>
    First,

    /// <summary>In the transaction of what the handler decides, so that it costs no round trip of its own.</summary>
    WithDecision,

    /// <summary>Not at all: settling what was admitted must never fail for want of requests. The headers still say how the limit stands.</summary>
    Never,
}
