using Billing.Api.Callers;
using Billing.Keys;
using Billing.RateLimits;
using Billing.Writing;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Http;

/// <summary>One request that has passed the door: who calls, what was sent, and what is needed to answer.</summary>
public sealed class Call(Backend backend, HttpContext http, ApiEndpoint endpoint, Caller caller, RequestBody body, ReadOnlyMemory<byte> bytes)
{
    /// <summary>Everything behind the API.</summary>
    public Backend Backend => backend;

    /// <summary>The request and its response.</summary>
    public HttpContext Http => http;

    /// <summary>Who calls.</summary>
    public Caller Caller => caller;

    /// <summary>The JSON body.</summary>
    public RequestBody Body => body;

    /// <summary>The clock's instant, to the millisecond.</summary>
    public DateTimeOffset Now => Instants.Milliseconds(backend.Clock.GetUtcNow());

    /// <summary>Ends when the client gives up.</summary>
    public CancellationToken Cancellation => http.RequestAborted;

    /// <summary>How the key's rate limit stands; null until it was asked. Known once, it is in the headers of whatever answer comes of the request.</summary>
    public RateDecision? Rate
    {
        get;
        private set
        {
            field = value;
            foreach (var (name, text) in value?.Headers.ToHttp() ?? [])
            {
                http.Response.Headers[name] = text;
            }
        }
    }

    /// <summary>A new time-ordered key for something in a workspace.</summary>
    public string NewKey() => Ids.TimeOrdered(Now, Random(5));

    /// <summary>A new random id.</summary>
    public string NewId(string prefix) => Ids.Random(prefix, Random(10));

    /// <summary>Random bytes.</summary>
    public byte[] Random(int count)
    {
        var bytes = new byte[count];
        backend.Entropy(bytes);
        return bytes;
    }

    /// <summary>A route value.</summary>
    public string Route(string name) => http.Request.RouteValues[name]?.ToString() ?? "";

    /// <summary>A query parameter given once; null when it is absent.</summary>
    public string? Query(string name) => http.Request.Query.TryGetValue(name, out var values) && values.Count == 1 ? values[0] : null;

    /// <summary>The workspace named in the query, as either spelling.</summary>
    public string? QueryWorkspace() => Query("workspaceId") ?? Query("workspace_id");

    /// <summary>The operation that an Idempotency-Key makes of this request; null without one.</summary>
    public OperationKey? Operation() => endpoint.TakesBody && http.Request.Headers["Idempotency-Key"] is [{ } key]
        ? OperationKey.Of($"{http.Request.Method} {http.Request.Path}", key, bytes.Span)
        : null;

    /// <summary>The workspace to work on: the one asked for, if the caller may see it, else the caller's own.</summary>
    public async Task<Outcome<string>> WorkspaceAsync(string? asked)
    {
        if (asked is null || asked == caller.HomeWorkspaceId)
        {
            return caller.HomeWorkspaceId is { } own ? own : Refusal.Invalid("workspace_id", "is required");
        }

        if (!Ids.IsWellFormed("ws", asked))
        {
            return Refusal.NotFound("workspace");
        }

        return !caller.IsCustomer || await backend.Memberships.MayUseAsync(caller.AccountId!, asked, Cancellation).ConfigureAwait(false)
            ? asked
            : Refusal.NotFound("workspace");
    }

    /// <summary>Decides and stores; the key's rate-limit hit goes into the same transaction where it is kept there.</summary>
    public async Task<Done<T>?> SubmitAsync<T>(string workspaceId, Work<T> work)
    {
        var here = caller.Key is not null && Rate is null && workspaceId == caller.HomeWorkspaceId;
        if (!here)
        {
            await CountAsync().ConfigureAwait(false);
            if (Rate is { Accepted: false })
            {
                throw new RateRefusedException();
            }
        }

        var done = await backend.Writer.SubmitAsync(workspaceId, here ? work with { Rate = Hit() } : work).ConfigureAwait(false);
        if (here)
        {
            Rate = done?.Rate;
        }

        return Rate is { Accepted: false } ? throw new RateRefusedException() : done;
    }

    /// <summary>Counts the request against its key's limit, unless that has been done.</summary>
    public async Task CountAsync()
    {
        if (caller.Key is not null && Rate is null)
        {
            var work = new Work<bool>((_, _) => true) { Rate = Hit(), ReadsAccount = false };
            Rate = (await backend.Writer.SubmitAsync(caller.HomeWorkspaceId!, work).ConfigureAwait(false))?.Rate;
        }
    }

    /// <summary>One request of a key, under its plan's limit or the one that an operator gave it.</summary>
    public RateHit HitOf(ApiKey key)
    {
        var limit = key.RateLimit is { } own && backend.Catalogs.TryGet(key.Product, out var catalog) ? catalog.BaseLimits.Rate with { Limit = own } : null;
        return new RateHit(key.Id, limit);
    }

    /// <summary>The answer to a decision: what was accepted as <paramref name="answer"/> has it, the stored answer for a repeat, or the refusal.</summary>
    public IResult Answer<T>(Done<T>? done, Func<T, Reply> answer)
    {
        if (done is null)
        {
            return Refuse(Refusal.NotFound("workspace"));
        }

        if (done.Replayed)
        {
            http.Response.Headers["Idempotent-Replayed"] = "true";
        }

        return done switch
        {
            { Answer: { } reply } => new JsonReply(reply.Status, reply.Body),
            { Outcome: Outcome<T>.Accepted { Value: var value } } => Reply(answer(value)),
            { Outcome: Outcome<T>.AlreadyApplied { Value: var value } } => Reply(answer(value)),
            { Outcome: Outcome<T>.Declined { Refusal: var refusal } } => Refuse(refusal),
            _ => throw new InvalidOperationException("A decision came to nothing."),
        };
    }

    /// <summary>Decides, stores and answers; a repeat with the same Idempotency-Key gets the stored answer.</summary>
    public async Task<IResult> DecideAsync<T>(string workspaceId, Work<T> work, Func<T, Reply> answer) =>
        Answer(await SubmitAsync(workspaceId, work with { Operation = Operation(), Answer = answer }).ConfigureAwait(false), answer);

    /// <summary>The error answer of a refusal.</summary>
    public IResult Refuse(Refusal refusal) => Problem.Reply(refusal, http, Now);

    private static JsonReply Reply(Reply reply) => new(reply.Status, reply.Body);

    private RateHit Hit() => HitOf(caller.Key!) with { Counts = endpoint.Rate != RateCounting.Never };
}

/// <summary>The key's rate limit does not let the request in; the pipeline answers it.</summary>
public sealed class RateRefusedException : Exception;
