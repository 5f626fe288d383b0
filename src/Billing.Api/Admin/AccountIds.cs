using System.Security.Cryptography;
using System.Text;
using Billing.Api.Http;
using Billing.People;

namespace Billing.Api.Admin;

/// <summary>Ids for what is to be created: made from the Idempotency-Key where there is one, so that a repeat creates the same thing.</summary>
internal static class AccountIds
{
    public static ExternalLink New(Call call)
    {
        var bytes = Bytes(call);
        return new ExternalLink(Ids.Random("acct", bytes.AsSpan(0, 10)), Ids.Random("ws", bytes.AsSpan(10, 10)));
    }

    private static byte[] Bytes(Call call) => call.Operation() is { } operation
        ? SHA256.HashData(Encoding.UTF8.GetBytes(operation.RowKey))
        : call.Random(20);
}
