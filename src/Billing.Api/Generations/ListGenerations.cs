using System.Collections.Immutable;
using System.Globalization;
using Billing.Api.Balances;
using Billing.Api.Http;
using Billing.Engine.Committing;
using Billing.Engine.Directories;
using Billing.Generations;
using Billing.Workspaces;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Generations;

/// <summary><c>GET /generations</c>: the workspace's generations, newest first; of a test key those of test keys.</summary>
public static class ListGenerations
{
    public const string Route = "api/v1/generations";

    public static readonly ApiEndpoint Endpoint = new("ListGenerations", "GET", Route, Access.Reader, HandleAsync) { Query = ["workspaceId", .. GenerationQuery.Names] };

    private static async Task<IResult> HandleAsync(ApiRequest request) =>
        (await request.QueriedWorkspaceAsync().ConfigureAwait(false)).TryGet(out var workspaceId, out var refusal)
            ? await AnswerAsync(request, workspaceId, request.Caller.TestMode).ConfigureAwait(false)
            : request.Refuse(refusal);

    /// <summary>The generations of a workspace that the caller may see.</summary>
    internal static async Task<IResult> AnswerAsync(ApiRequest request, string workspaceId, bool testMode)
    {
        if (!GenerationQuery.Parse(request).TryGet(out var query, out var refusal))
        {
            return request.Refuse(refusal);
        }

        // Catching up comes first, so that what has expired is listed as expired.
        if (await request.Backend.Writer.SubmitAsync(workspaceId, CatchUp.Work).ConfigureAwait(false) is not { Workspace: var workspace })
        {
            return request.Refuse(Refusal.NotFound("workspace"));
        }

        var (shown, last, more) = (ImmutableArray.CreateBuilder<GenerationView>(), (GenerationPlace?)null, false);
        var looked = 0;
        await foreach (var found in (await FoundAsync(request, query, workspace, testMode).ConfigureAwait(false)).ConfigureAwait(false))
        {
            // One more than is shown tells whether there is a next page. Where few fit, a page ends before it has cost too much.
            more = shown.Count == query.Limit || looked == GenerationQuery.MostLookedAt;
            if (more)
            {
                break;
            }

            (last, looked) = (found.Place, looked + 1);
            if (query.Fits(found))
            {
                shown.Add(GenerationView.Of(found.Generation, found.Admission, workspaceId));
            }
        }

        return JsonReply.Of(new GenerationsView(shown.ToImmutable(), more ? GenerationQuery.CursorOf(last!) : null));
    }

    private static async Task<IAsyncEnumerable<FoundGeneration>> FoundAsync(ApiRequest request, GenerationQuery query, Workspace workspace, bool testMode)
    {
        var (list, most) = (new GenerationList(request.Backend.Store, workspace.WorkspaceId), query.Limit + 1);
        if (testMode)
        {
            return list.TestAsync(query.From, query.To, query.After, most, request.Cancellation);
        }

        var book = new LedgerBook(request.Backend.Store, workspace.WorkspaceId, workspace.Entries);
        var span = await book.SpanAsync(query.From, query.To, request.Cancellation).ConfigureAwait(false);
        return list.LiveAsync(SpansOf(query, workspace, span), query.After, most, request.Cancellation);
    }

    /// <summary>Where to look: the account knows where those stand that run.</summary>
    private static IEnumerable<(long First, long Last)> SpansOf(GenerationQuery query, Workspace workspace, LedgerSpan span) => query.Status != GenerationStatus.Running
        ? [(span.First, span.Last)]
        : workspace.RunningSpans.All.Reverse().Select(running => (Math.Max(span.First, running.First), Math.Min(span.Last, running.Last))).Where(both => both.Item1 <= both.Item2);
}

/// <summary><c>GET /admin/workspaces/{id}/generations</c>: the same for an operator; <c>test_mode=true</c> for those of test keys.</summary>
public static class ListWorkspaceGenerations
{
    public const string Route = "api/v1/admin/workspaces/{id}/generations";

    public static readonly ApiEndpoint Endpoint = new("ListWorkspaceGenerations", "GET", Route, Access.Operator, HandleAsync) { Query = [.. GenerationQuery.Names, "test_mode"] };

    private static Task<IResult> HandleAsync(ApiRequest request) => request.Query("test_mode") is not (null or "true" or "false") ? Task.FromResult(request.Refuse(Refusal.Invalid("test_mode", "must be true or false")))
        : Ids.IsWellFormed("ws", request.Route("id")) ? ListGenerations.AnswerAsync(request, request.Route("id"), request.Query("test_mode") == "true")
        : Task.FromResult(request.Refuse(Refusal.NotFound("workspace")));
}

/// <summary>What a request for generations asks for.</summary>
internal sealed record GenerationQuery(int Limit, GenerationPlace? After, GenerationStatus? Status, string? KeyId, DateTimeOffset? From, DateTimeOffset? To)
{
    public static readonly ImmutableArray<string> Names = ["status", "from", "to", "key_id", "limit", "cursor"];

    /// <summary>A call looks at no more, however few fit.</summary>
    public const int MostLookedAt = 1_000;

    private const int Most = 200;
    private const int Default = 50;

    public bool Fits(FoundGeneration found) =>
        (Status is null || found.Generation.Status == Status) && (KeyId is null || found.Admission.Requester?.KeyId == KeyId);

    public static Outcome<GenerationQuery> Parse(ApiRequest request)
    {
        if (!PageRequest.LimitOf(request, Most, Default).TryGet(out var limit, out var tooMany))
        {
            return tooMany;
        }

        var status = Enum.GetValues<GenerationStatus>().Cast<GenerationStatus?>().FirstOrDefault(one => Word(one!.Value) == request.Query("status"));
        if (status is null && request.Query("status") is not null)
        {
            return Refusal.Invalid("status", $"must be one of {string.Join(", ", Enum.GetValues<GenerationStatus>().Select(Word).Order(StringComparer.Ordinal))}");
        }

        foreach (var name in new[] { "from", "to" })
        {
            if (request.Query(name) is { } at && !Instants.TryParse(at, out _))
            {
                return Refusal.Invalid(name, Instants.MustBe);
            }
        }

        var after = request.Query("cursor") is { } cursor ? PlaceIn(cursor) : null;
        return after is null && request.Query("cursor") is not null
            ? PageRequest.NotOne
            : new GenerationQuery(limit, after, status, request.Query("key_id"), Instant("from"), Instant("to"));

        DateTimeOffset? Instant(string name) => Instants.TryParse(request.Query(name), out var at) ? at : null;
    }

    public static string CursorOf(GenerationPlace place) => PageRequest.CursorOf(string.Create(CultureInfo.InvariantCulture, $"{place.Admission}.{place.Number}"));

    private static string Word(GenerationStatus status) => status.ToString().ToLowerInvariant();

    private static GenerationPlace? PlaceIn(string cursor)
    {
        var parts = PageRequest.TextIn(cursor)?.Split('.') ?? [];
        return parts.Length == 2 && parts[0].Length > 0 && parts[0].All(character => char.IsAsciiLetterOrDigit(character) || character is ':' or '-')
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new GenerationPlace(parts[0], number)
            : null;
    }
}

/// <summary>The answer of <c>GET /generations</c>.</summary>
public sealed record GenerationsView(ImmutableArray<GenerationView> Generations, string? NextCursor);
