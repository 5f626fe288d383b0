using System.Security.Cryptography;
using System.Text;
using Billing.Api.Http;
using Billing.People;
using Billing.Writing;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary>Ids for what is to be created, and the answer that tells them: a repeat with the same Idempotency-Key gets the same.</summary>
internal static class AccountIds
{
    /// <summary>New ids, made from the Idempotency-Key where there is one.</summary>
    /// <param name="call">The request.</param>
    /// <param name="owner">Who owns what is created; each owner's keys are apart.</param>
    public static ExternalLink New(Call call, string owner = "")
    {
        var bytes = Bytes(call, owner);
        return new ExternalLink(Ids.Random("acct", bytes.AsSpan(0, 10)), Ids.Random("ws", bytes.AsSpan(10, 10)));
    }

    /// <summary>The answer, kept in a workspace where there is an Idempotency-Key.</summary>
    public static async Task<IResult> AnswerAsync<T>(Call call, string workspaceId, T view) => call.Operation() is null
        ? JsonReply.Of(view, StatusCodes.Status201Created)
        : await call.DecideAsync(workspaceId, new Work<T>((_, _) => view), one => new Reply(StatusCodes.Status201Created, ApiJson.Write(one))).ConfigureAwait(false);

    private static byte[] Bytes(Call call, string owner) => call.Operation() is { } operation
        ? SHA256.HashData(Encoding.UTF8.GetBytes(operation.RowKey + owner))
        : call.Random(20);
}
