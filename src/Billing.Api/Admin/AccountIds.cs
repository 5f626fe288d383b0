using System.Security.Cryptography;
using System.Text;
using Billing.Accounts;
using Billing.Api.Http;
using Billing.Engine.Committing;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary>Ids for what is to be created, and the answer that tells them: a repeat with the same Idempotency-Key gets the same.</summary>
internal static class AccountIds
{
    /// <summary>
    /// New ids, made from the Idempotency-Key where there is one. A repeat may name another shard, where those have changed meanwhile: what is stored for
    /// the account, or as the answer, tells the workspace.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="owner">Who owns what is created; each owner's keys are apart.</param>
    public static ExternalLink New(ApiRequest request, string owner = "") =>
        request.Operation() is { } operation ? Of(request.Backend, SHA256.HashData(Encoding.UTF8.GetBytes(operation.RowKey + owner))) : New(request.Backend);

    /// <summary>New ids, by chance.</summary>
    public static ExternalLink New(Backend backend)
    {
        var bytes = new byte[10 + ShardMap.BytesOfId];
        backend.Entropy(bytes);
        return Of(backend, bytes);
    }

    /// <summary>The answer, kept in a workspace where there is an Idempotency-Key.</summary>
    public static async Task<IResult> AnswerAsync<T>(ApiRequest request, string workspaceId, T view) => request.Operation() is null
        ? JsonReply.Of(view, StatusCodes.Status201Created)
        : await request.DecideAsync(workspaceId, new Work<T>((_, _) => view), one => new Reply(StatusCodes.Status201Created, ApiJson.Write(one))).ConfigureAwait(false);

    private static ExternalLink Of(Backend backend, ReadOnlySpan<byte> bytes) =>
        new(Ids.Random("acct", bytes[..10]), backend.Shards.NewWorkspaceId(bytes.Slice(10, ShardMap.BytesOfId)));
}
