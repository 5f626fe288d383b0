using System.Collections.Immutable;
using Billing.Engine.Committing;
using Billing.Generations;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Http;

/// <summary>One row of the table of endpoints.</summary>
/// <param name="Name">Unique; the Functions app's function of that name serves it.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Route">Route from the root, without a leading slash.</param>
/// <param name="Access">Who may call it.</param>
/// <param name="Handle">Parses, calls, replies.</param>
public sealed record ApiEndpoint(string Name, string Method, string Route, Access Access, Func<ApiRequest, Task<IResult>> Handle)
{
    /// <summary>How a key's request is counted against its rate limit.</summary>
    public RateCounting Rate { get; init; } = RateCounting.First;

    /// <summary>The query parameters it knows; any other is refused.</summary>
    public ImmutableArray<string> Query { get; init; } = [];

    /// <summary>True for a page that reads its address itself: a link to it may carry anything.</summary>
    public bool TakesAnyQuery { get; init; }

    /// <summary>True where no credential is needed, and a customer's key is still told how its rate limit stands.</summary>
    public bool Recognises { get; init; }

    /// <summary>True where the service's own key is enough: a customer's key may come with it, and one that works no longer is passed over.</summary>
    public bool ServiceAlone { get; init; }

    /// <summary>True where the body may say how to open an account for a customer whom the service names by an id that nobody has yet.</summary>
    public bool OpensAccounts { get; init; }

    /// <summary>Most bytes of its body.</summary>
    public int MostBodyBytes { get; init; } = BodyReader.Usual;

    /// <summary>True where what is stored tells of a repeat by itself: it keeps no answers, and an Idempotency-Key changes nothing.</summary>
    public bool RepeatsByState { get; init; }

    /// <summary>True when its answer shows a secret: nothing that is stored may, so it takes no Idempotency-Key.</summary>
    public bool ShowsSecret { get; init; }

    /// <summary>Makes the answer of an admission from its row once more; null where the answer to a repeat has a row of its own.</summary>
    public Func<Admission, Reply>? Replay { get; init; }

    /// <summary>True when the endpoint takes a JSON body (an absent one counts as <c>{}</c>).</summary>
    public bool TakesBody => Method is "POST" or "PUT" or "PATCH" or "DELETE";
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
