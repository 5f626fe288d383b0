using Billing.Accounts;
using Billing.Api.Admin;
using Billing.Api.Callers;
using Billing.Catalogs;
using Billing.Engine.Committing;
using Billing.Generations;
using Billing.Keys;
using Billing.RateLimits;
using Billing.Reading;
using Billing.Workspaces;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Http;

/// <summary>One request that has passed the door: who calls, what was sent, and what is needed to answer.</summary>
public sealed class ApiRequest(Backend backend, HttpContext http, ApiEndpoint endpoint, Caller caller, ObjectReader body, ReadOnlyMemory<byte>? bytes)
{
    private OperationKey? _operation;

    /// <summary>Everything behind the API.</summary>
    public Backend Backend => backend;

    /// <summary>The request and its response.</summary>
    public HttpContext Http => http;

    /// <summary>Who calls.</summary>
    public Caller Caller => caller;

    /// <summary>How to open the customer's account, should nobody have its id yet; null where the request does not say.</summary>
    internal NewAccount? Newcomer { get; init; }

    /// <summary>The account of the caller is there by now.</summary>
    public void Become(Account account)
    {
        backend.ExternalIds.Forget(account.ExternalId!);
        caller = AccountCandidates.Of(caller, account.Product, new ExternalLink(account.AccountId, account.WorkspaceId));
    }

    /// <summary>The JSON body.</summary>
    public ObjectReader Body => body;

    /// <summary>The clock's instant, to the millisecond.</summary>
    public DateTimeOffset Now => Instants.Milliseconds(backend.Clock.GetUtcNow());

    /// <summary>Ends when the client gives up.</summary>
    public CancellationToken Cancellation => http.RequestAborted;

    /// <summary>How the rate limit of the key or workspace stands; null until it was asked. Known once, it is in the headers of whatever answer comes of the request.</summary>
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
    public string? QueryWorkspace() => Query("workspaceId") ?? Query(AliasOf("workspaceId")!);

    /// <summary>The other spelling of a query parameter; null when it has none.</summary>
    public static string? AliasOf(string name) => name == "workspaceId" ? "workspace_id" : null;

    /// <summary>The operation that an Idempotency-Key makes of this request; null without one, and for a body that was not read.</summary>
    public OperationKey? Operation() => _operation ??= NewOperation();

    private OperationKey? NewOperation()
    {
        if (endpoint is not { TakesBody: true, ShowsSecret: false, RepeatsByState: false } || bytes is not { } read || http.Request.Headers["Idempotency-Key"] is not [{ } key])
        {
            return null;
        }

        var operation = OperationKey.Of(Scope(), key, read.Span);
        return endpoint.Replay is null ? operation : operation.OfAdmission();
    }

    /// <summary>Makes the answer of an admission from its row once more; null where the answer has a row of its own.</summary>
    public Func<Admission, Reply>? Replay => endpoint.Replay;

    /// <summary>True once a commit has looked for the stored answer of the operation: nobody needs to look again.</summary>
    public bool HasLookedForAnswer { get; private set; }

    // Of a path every spelling is one; live and test never meet.
    private string Scope() => http.Request.RouteValues.Aggregate(
        $"{endpoint.Method} /{endpoint.Route}", (path, value) => path.Replace($"{{{value.Key}}}", value.Value?.ToString(), StringComparison.Ordinal)) + (caller.TestMode ? " in test mode" : "");

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

        return await ReachesAsync(asked).ConfigureAwait(false)
            && (caller.AccountId is not { } accountId || await backend.Memberships.MayUseAsync(accountId, asked, Cancellation).ConfigureAwait(false))
            ? asked
            : Refusal.NotFound("workspace");
    }

    /// <summary>True where a workspace is there for the caller's credential, whoever it is for: it named that one, or may reach its product.</summary>
    public async ValueTask<bool> ReachesAsync(string workspaceId) => caller.IsWorkspace ? workspaceId == caller.HomeWorkspaceId
        : caller.Reach.Products is null
        || (await backend.Workspaces.ProductOfAsync(workspaceId, Cancellation).ConfigureAwait(false) is { } product && caller.Reach.Includes(product));

    /// <summary>The workspace named in the query, if the caller may see it, else the caller's own. An operator has none, and sees all that there are.</summary>
    public async Task<Outcome<string>> QueriedWorkspaceAsync()
    {
        var asked = QueryWorkspace();
        if (caller.Kind != Access.Operator)
        {
            return await WorkspaceAsync(asked).ConfigureAwait(false);
        }

        return asked is null ? Refusal.Invalid("workspaceId", "is required")
            : Ids.IsWellFormed("ws", asked) && await backend.Writer.ReadAsync(asked, Cancellation).ConfigureAwait(false) is not null ? asked
            : Refusal.NotFound("workspace");
    }

    /// <summary>Decides and stores; the rate-limit hit goes into the same transaction where it is kept there.</summary>
    /// <param name="generations">How many the request asks for.</param>
    /// <param name="eachAlone">Whether some of them may be admitted without the others.</param>
    public async Task<WorkResult<T>?> SubmitAsync<T>(string workspaceId, Work<T> work, int generations = 0, bool eachAlone = false)
    {
        var hit = Rate is not null ? null : Hit();
        hit = hit is null ? null : hit with { Generations = generations, EachAlone = eachAlone };
        if (hit is not null && workspaceId != caller.HomeWorkspaceId)
        {
            return await SubmitElsewhereAsync(workspaceId, work, hit).ConfigureAwait(false);
        }

        var done = await backend.Writer.SubmitAsync(workspaceId, work with { Rate = hit }).ConfigureAwait(false);
        HasLookedForAnswer = true;
        Rate = hit is null ? Rate : done?.Rate;
        return done;
    }

    /// <summary>Counts the request against its limit, unless that has been done.</summary>
    public Task CountAsync() => CountAsync(repeat: false);

    /// <summary>Tells how the limit of the key stands that the request is about, whichever came with it.</summary>
    public void Tell(RateDecision? rate) => Rate = rate is null ? null : rate with { Accepted = true };

    /// <summary>The stored answer to a repeat, which is not counted.</summary>
    public async Task<IResult> RepeatAsync(Reply stored)
    {
        Rate = Rate?.Uncounted;
        await CountAsync(repeat: true).ConfigureAwait(false);
        http.Response.Headers.Remove("Retry-After");
        http.Response.Headers["Idempotent-Replayed"] = "true";
        return Reply(stored);
    }

    private async Task CountAsync(bool repeat)
    {
        if (Rate is null && Hit() is { } hit)
        {
            Rate = (await CountAsync(hit with { Counts = hit.Counts && !repeat }).ConfigureAwait(false))?.Rate;
        }
    }

    /// <summary>The key's window is in another partition than the work: its hits are taken first, and those that came to nothing are given back.</summary>
    private async Task<WorkResult<T>?> SubmitElsewhereAsync<T>(string workspaceId, Work<T> work, RateHit hit)
    {
        var counted = await CountAsync(hit).ConfigureAwait(false);
        Rate = counted?.Rate;
        if (counted is null)
        {
            return null;
        }

        if (!counted.Outcome!.TryGet(out var taken, out var full))
        {
            return new WorkResult<T>(full, null, Replayed: false, Rate, counted.Workspace);
        }

        var admitted = 0;
        var done = await backend.Writer.SubmitAsync(workspaceId, work with { Decide = Within }).ConfigureAwait(false);
        HasLookedForAnswer = true;
        var used = done is null or { Replayed: true } ? 0
            : taken.ByGenerations ? admitted
            : done.Outcome!.TryGet(out _, out var declined) || declined.Code != RefusalCodes.ConcurrencyLimit ? taken.Hits
            : 0;
        if (used < taken.Hits)
        {
            Rate = (await CountAsync(hit with { GivesBack = taken.Hits - used }).ConfigureAwait(false))?.Rate ?? Rate;
        }

        return done;

        Outcome<T> Within(UnitOfWork unit, Catalog catalog)
        {
            unit.RateRoom = taken.ByGenerations && hit.Generations > 0 ? taken.Hits : taken.Room;
            var decided = work.Decide(unit, catalog);
            admitted = unit.RateTaken;
            return decided;
        }
    }

    private Task<WorkResult<TakenHits>?> CountAsync(RateHit hit) => backend.Writer.SubmitAsync(caller.HomeWorkspaceId!, new Work<TakenHits>((unit, _) =>
    {
        unit.RateTaken = Math.Min(unit.RateRoom, hit.GivesBack > 0 ? 0 : hit.Generations);
        return new TakenHits(unit.RateRoom != int.MaxValue ? unit.RateTaken : hit.Counts ? 1 : 0, unit.RateRoom);
    })
    {
        Rate = hit,
        ReadsAccount = false,
    });

    /// <summary>Hits that were counted before what they are for is decided.</summary>
    /// <param name="Room">For how many generations there was room; no end of it where requests are counted.</param>
    private sealed record TakenHits(int Hits, int Room)
    {
        public bool ByGenerations => Room != int.MaxValue;
    }

    /// <summary>One request of a key, under its plan's limit or the one that an operator gave it.</summary>
    public RateHit HitOf(ApiKey key)
    {
        var limit = key.RateLimit is { } own && backend.Catalogs.TryGet(key.Product, out var catalog) ? catalog.Base.Limits.Rate with { Limit = own } : null;
        return new RateHit(key.Id, limit) { TestMode = key.Environment == KeyEnvironment.Test, Raised = key.Raised == true };
    }

    /// <summary>The answer to a decision: what was accepted as <paramref name="answer"/> has it, the stored answer for a repeat, or the refusal.</summary>
    public IResult Answer<T>(WorkResult<T>? done, Func<T, Reply> answer)
    {
        if (done is null)
        {
            return Refuse(Refusal.NotFound("workspace"));
        }

        if (done.Replayed)
        {
            http.Response.Headers["Idempotent-Replayed"] = "true";
        }

        if (done.Answer is { } stored)
        {
            return new JsonReply(stored.Status, stored.Body);
        }

        return done.Outcome!.TryGet(out var value, out var refusal) ? Reply(answer(value)) : Refuse(refusal);
    }

    /// <summary>Decides, stores and answers; a repeat with the same Idempotency-Key gets the stored answer.</summary>
    public async Task<IResult> DecideAsync<T>(string workspaceId, Work<T> work, Func<T, Reply> answer) =>
        Answer(await SubmitAsync(workspaceId, work with { Operation = Operation(), Answer = answer }).ConfigureAwait(false), answer);

    /// <summary>The error answer of a refusal.</summary>
    public IResult Refuse(Refusal refusal)
    {
        var tellsContact = refusal.Code is RefusalCodes.RefundNotEligible || Problem.StatusOf(refusal.Code) == StatusCodes.Status429TooManyRequests;
        var contact = tellsContact && caller.Product is { } product && backend.Catalogs.TryGet(product, out var catalog) ? catalog.Contact : null;
        return Problem.Reply(NotBeforeTheLimit(refusal) with { ActionUrl = Absolute(refusal.ActionUrl) }, http, Now, contact: contact);
    }

    /// <summary>A path of ours as customers reach it; another address as it is.</summary>
    public string? Absolute(string? url) => url is ['/', ..] ? (backend.PublicUrl ?? $"{http.Request.Scheme}://{http.Request.Host}") + url : url;

    /// <summary>What Retry-After names is never earlier than what the rate headers name.</summary>
    private Refusal NotBeforeTheLimit(Refusal refusal) =>
        refusal.Code is RefusalCodes.TooManyRequests or RefusalCodes.ConcurrencyLimit && Rate?.Headers is { Remaining: 0, ResetAt: var resetAt } && !(refusal.RetryAt > resetAt)
            ? refusal with { RetryAt = resetAt }
            : refusal;

    private static JsonReply Reply(Reply reply) => new(reply.Status, reply.Body);

    private RateHit? HitOfCaller() => caller.Key is { } key ? HitOf(key)
        : caller.IsNamed ? RateHit.OfWorkspace(caller.TestMode)
        : null;

    /// <summary>The request's hit; null for a caller without a limit. Of the service's calls only those that admit count.</summary>
    private RateHit? Hit() => HitOfCaller() is not { } hit ? null : hit with
    {
        Counts = endpoint.Rate != RateCounting.Never && (caller.Kind != Access.Service || endpoint is { Access: Access.Service, Rate: RateCounting.WithDecision }),
    };
}
