using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Billing.Api.Http;
using Billing.Engine.Committing;
using Billing.Generations;
using Billing.Reading;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Generations;

/// <summary><c>POST /generations/settle</c>: up to 1,000 generations, of whichever workspaces. Each is decided alone, as the call for it would.</summary>
public static class SettleGenerations
{
    public const string Route = "api/v1/generations/settle";

    public static readonly ApiEndpoint Endpoint = new("SettleGenerations", "POST", Route, Access.Service, HandleAsync)
    {
        Rate = RateCounting.Never,
        ServiceAlone = true,
        MostBodyBytes = BodyReader.Many,
        RepeatsByState = true,
    };

    private const string Completed = "completed";
    private const string Failed = "failed";
    private const int LongestId = 100;

    // Workspaces that are worked on at once. Within one there is an order: who is named twice finds what came of the first.
    private const int AtOnce = 16;

    private static async Task<IResult> HandleAsync(ApiRequest call)
    {
        ImmutableArray<Asked> items = [.. call.Body.ObjectsApart("items", "item", Admit.MostItems).Select((body, index) => Read(call, body, index))];
        if (call.Body.Refusal() is { } mistakes)
        {
            return call.Refuse(mistakes);
        }

        var outcomes = items.Select(item => item.Mistake is { } mistake ? (Outcome<Settled>)mistake : null).ToArray();
        foreach (var some in items.Where(item => item.Mistake is null).GroupBy(item => item.WorkspaceId).Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(group => SettleAsync(call, group.Key, [.. group], outcomes))).ConfigureAwait(false);
        }

        // Nobody is told 200 of what nothing came of: the same request can be sent again.
        if (outcomes.All(outcome => outcome is Outcome<Settled>.Declined { Refusal.Code: RefusalCodes.StorageUnavailable }))
        {
            return call.Refuse(Settlements.Unavailable);
        }

        return new JsonReply(StatusCodes.Status200OK, ApiJson.Write(new SettleView([.. outcomes.Select((outcome, index) => SettleResult.Of(index, outcome!))])));
    }

    /// <summary>Settles those of one workspace, and notes what came of each.</summary>
    private static async Task SettleAsync(ApiRequest call, string workspaceId, ImmutableArray<Asked> items, Outcome<Settled>?[] outcomes)
    {
        ImmutableArray<Outcome<Settled>> settled = await GenerationWork.MayAsync(call, workspaceId).ConfigureAwait(false)
            ? await call.Backend.Writer.SettleAsync(workspaceId, items.Select(item => item.Command!), admission => GenerationWork.MaySettle(call, admission)).ConfigureAwait(false)
            : [.. items.Select(_ => (Outcome<Settled>)Refusal.NotFound("generation"))];
        for (var i = 0; i < items.Length; i++)
        {
            outcomes[items[i].Index] = settled[i];
        }
    }

    private static Asked Read(ApiRequest call, ObjectReader body, int index)
    {
        var (id, outcome) = (body.Text("id", LongestId) ?? "", body.OneOf("outcome", [Completed, Failed]));
        Settle? command = outcome switch
        {
            Completed => CompleteGeneration.Read(body, id, call.Backend.Catalogs),
            Failed => FailGeneration.Read(body, id),
            _ => null,
        };

        // Of what has no outcome nobody can say which fields it may have.
        var mistake = command is null ? body.Mistakes.Refusal() : body.Refusal();
        var named = Ids.TryParse("gen", id, out var workspaceId, out _);
        return new Asked(index, command, workspaceId, mistake ?? (named ? null : Refusal.NotFound("generation")));
    }

    /// <summary>One item as it was read.</summary>
    /// <param name="Mistake">Why nothing can come of it; null when it is to be decided.</param>
    private sealed record Asked(int Index, Settle? Command, string WorkspaceId, Refusal? Mistake);
}

/// <summary>The answer of <c>POST /generations/settle</c>.</summary>
/// <param name="Results">One for each item, in order.</param>
public sealed record SettleView(ImmutableArray<SettleResult> Results);

/// <summary>What became of one item: what the call for it alone would answer.</summary>
/// <param name="Index">Position in <c>items</c>, from 0.</param>
/// <param name="Status"><c>settled | refused</c></param>
public sealed record SettleResult(int Index, string Status)
{
    /// <summary>As it is now.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GenerationView? Generation { get; init; }

    /// <summary>Why it was refused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }

    /// <summary>The same as a sentence.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    /// <summary>Field → what is wrong with it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableSortedDictionary<string, ImmutableArray<string>>? Errors { get; init; }

    internal static SettleResult Of(int index, Outcome<Settled> outcome) => outcome.TryGet(out var done, out var refusal)
        ? new SettleResult(index, "settled") { Generation = GenerationView.Of(done.Generation, done.Admission, done.Workspace.WorkspaceId, done.Workspace.Balance) }
        : new SettleResult(index, "refused") { Code = refusal.Code, Detail = refusal.Detail, Errors = refusal.Errors };
}
