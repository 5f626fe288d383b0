using System.Collections.Immutable;
using System.Text.Json;
using System.Xml;
using Azure;
using Billing.Engine.Ports;

namespace Billing.Storage;

/// <summary>What storage's failures mean: the one place that translates them.</summary>
/// <remarks>
/// For a commit there are three answers. Refused: nothing was stored, and why. Unavailable: nothing was stored, because
/// the request was not sent or not begun. Everything else is <see cref="CommitResult.Unknown"/>, also where the service
/// usually means "no" (500 InternalError and OperationTimedOut may follow an execution): taking stored for not stored charges
/// twice, the other way round costs one more request.
/// Source of the codes: learn.microsoft.com, "Table Service error codes" and "Common REST API error codes".
/// </remarks>
internal static class StorageFaults
{
    /// <summary>Storage's own word for a row that is not there; any other 404 is about something else, or somebody else's.</summary>
    public const string NoRow = "ResourceNotFound";

    /// <summary>True for failures of storage or of the way there; anything else is a bug.</summary>
    public static bool Is(Exception fault) => fault is AggregateException tries
        ? tries.InnerExceptions.Count > 0 && tries.InnerExceptions.All(Is)
        : fault is RequestFailedException or HttpRequestException or IOException or InvalidDataException or OperationCanceledException
            or XmlException or JsonException; // the SDK reads half an answer, or somebody else's, as it comes

    /// <summary>What became of a transaction that got no answer.</summary>
    /// <exception cref="StorageUnavailableException">It certainly was not carried out.</exception>
    public static CommitResult OfCommit(Exception fault)
    {
        if (WasNotSent(fault))
        {
            throw Unavailable(fault);
        }

        return new CommitResult.Unknown();
    }

    /// <summary>What became of a transaction that storage, or whoever answered for it, did not carry out.</summary>
    /// <exception cref="StorageUnavailableException">It certainly was not carried out.</exception>
    /// <exception cref="InvalidOperationException">It was malformed: a bug that <see cref="TransactionRules"/> should have caught.</exception>
    public static CommitResult OfRefusal(StorageError refusal, ImmutableArray<RowWrite> writes) => refusal switch
    {
        { Status: 409, Code: "EntityAlreadyExists" } => new CommitResult.Duplicate(FailedRow(refusal, writes, write => write.Kind == WriteKind.Insert)),
        { Status: 412 } or { Status: 404, Code: NoRow } => new CommitResult.Stale(FailedRow(refusal, writes, NeedsVersion)),
        { Status: 503, Code: "ServerBusy" } or { Status: 401 or 403 or 404 or 409 or 429 } => throw Unavailable(refusal),
        { Status: >= 400 and < 500 and not 408 } => throw new InvalidOperationException($"Storage refused a transaction as malformed: {refusal.Status} {refusal.Code}."),
        _ => new CommitResult.Unknown(),
    };

    /// <summary>True when the same read may well succeed in a moment.</summary>
    public static bool IsTransient(Exception fault) =>
        fault is not RequestFailedException { Status: >= 400 and < 500 and not (408 or 429) };

    /// <summary>True when a message or its receipt is no more what the caller had: somebody else got it, or it was done with.</summary>
    public static bool IsGone(RequestFailedException fault) => fault
        is { Status: 404, ErrorCode: "MessageNotFound" } or { Status: 400, ErrorCode: "PopReceiptMismatch" };

    public static StorageUnavailableException Unavailable(Exception fault) => fault is RequestFailedException { Status: > 0 } refused
        ? new($"Storage answered {refused.Status} {refused.ErrorCode}.", fault)
        : new("Storage did not answer.", fault);

    public static StorageUnavailableException Unavailable(StorageError refusal) => new($"Storage answered {refusal.Status} {refusal.Code}.");

    private static bool NeedsVersion(RowWrite write) => write.Kind is WriteKind.Replace or WriteKind.Delete;

    private static bool WasNotSent(Exception fault)
    {
        for (var cause = fault; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpRequestException
                {
                    HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                        or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
                })
            {
                return true;
            }
        }

        return false;
    }

    // Storage names the failed write by its index; should it not, the first one that can fail so is named.
    private static string FailedRow(StorageError refusal, ImmutableArray<RowWrite> writes, Func<RowWrite, bool> canFail) =>
        refusal.Index is >= 0 and var at && at < writes.Length ? writes[at].Row.Key : (writes.FirstOrDefault(canFail) ?? writes[0]).Row.Key;
}
