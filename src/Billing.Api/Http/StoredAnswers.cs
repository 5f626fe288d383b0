using Billing.Api.Admin;
using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Http;

/// <summary>The stored answer of a request that would be refused by now: a repeat finds it as if it were looked up before anything else.</summary>
internal static class StoredAnswers
{
    private static readonly string[] Kinds = ["gen", "we", "rfd"];

    /// <summary>The answer given before; that the key was used for another request; null when it never was used, or is not this caller's to see.</summary>
    public static async Task<IResult?> FindAsync(ApiRequest call)
    {
        if (call.HasLookedForAnswer || call.Operation() is not { } operation || WorkspaceOf(call) is not { } workspaceId)
        {
            return null;
        }

        var belongs = await BelongsAsync(call, workspaceId).ConfigureAwait(false);
        if (!belongs && !(call.Caller.Kind == Access.Service && await call.ReachesAsync(workspaceId).ConfigureAwait(false)))
        {
            return null;
        }

        var row = await call.Backend.Store.ReadAsync(new Partition(Table.Ledger, workspaceId), operation.RowKey, call.Cancellation).ConfigureAwait(false);
        var stored = row is null ? null : StoredAnswer.In(RowJson.ToRecord(row), call.Replay);
        return stored?.Fingerprint == operation.Fingerprint ? await call.RepeatAsync(stored.Reply).ConfigureAwait(false)
            : stored is not null && belongs ? call.Refuse(Refusal.KeyReused())
            : null;
    }

    // The service's repeat survives that the customer has lost its key or left: it knows key and body, and its answer is the one that it had.
    private static async Task<bool> BelongsAsync(ApiRequest call, string workspaceId) =>
        !call.Caller.IsFormer && (await call.WorkspaceAsync(workspaceId).ConfigureAwait(false)).TryGet(out _, out _);

    /// <summary>The workspace that the request is about: of the thing that the path or the body names, else the one named beside it, else the caller's own.</summary>
    private static string? WorkspaceOf(ApiRequest call)
    {
        var named = call.Http.Request.RouteValues.ContainsKey("id") ? call.Route("id") : call.Body.Read("generation_id");
        if (named is not null)
        {
            return Ids.IsWellFormed("ws", named) ? named
                : Kinds.Select(kind => Ids.TryParse(kind, named, out var workspaceId, out _) ? workspaceId : null).FirstOrDefault(found => found is not null);
        }

        var asked = call.Body.Read("workspace_id") ?? call.Body.Read("workspaceId") ?? call.QueryWorkspace() ?? call.Caller.HomeWorkspaceId;
        return Ids.IsWellFormed("ws", asked) ? asked
            : call.Caller.Kind == Access.Operator ? AccountIds.New(call).WorkspaceId
            : null;
    }
}
