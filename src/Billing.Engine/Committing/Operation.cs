using System.Security.Cryptography;
using System.Text;
using Billing.Generations;

namespace Billing.Engine.Committing;

/// <summary>Names a request that must have one effect, however often it arrives.</summary>
/// <param name="Fingerprint">Tells whether a later request with the same key is the same request.</param>
public sealed record OperationKey(string RowKey, string Fingerprint)
{
    /// <summary>The same for an operation that admits one generation: what it stores is the answer, too, so its key is made from this one.</summary>
    public OperationKey OfAdmission() => this with { RowKey = Admission.Prefix + AdmissionKey };

    /// <summary>The key of an admission that this names.</summary>
    public string AdmissionKey => RowKey.StartsWith(Admission.Prefix, StringComparison.Ordinal) ? RowKey[Admission.Prefix.Length..] : Ids.Digest(RowKey, 15);

    /// <summary>The operation of an endpoint, an Idempotency-Key and a request body.</summary>
    public static OperationKey Of(string endpoint, string idempotencyKey, ReadOnlySpan<byte> body) =>
        new(Operation.Prefix + Hash(Encoding.UTF8.GetBytes($"{endpoint}\n{idempotencyKey}")), Hash(body));

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16));
}

/// <summary>The stored answer to a request, given again to the byte when the request comes again.</summary>
public sealed record Operation : Record
{
    public const string Prefix = "op:";

    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    public required string Key { get; init; }

    public required string Fingerprint { get; init; }

    public required StoredReply Answer { get; init; }

    public Reply Reply => Answer.ToReply();

    /// <summary>When it was answered, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public override string RowKey => Key;

    public bool IsOver(DateTimeOffset now) => CreatedAt + KeptFor <= now;
}

public sealed record Reply(int Status, string Body);

/// <summary>The answer that a row holds for a repeat.</summary>
public sealed record StoredAnswer(string Fingerprint, Reply Reply)
{
    /// <param name="replay">Makes the answer of an admission.</param>
    public static StoredAnswer? In(Record? record, Func<Admission, Reply>? replay) => record switch
    {
        Operation operation => new(operation.Fingerprint, operation.Reply),
        Admission { Answered: { } answered } admission when replay is not null => new(answered.Fingerprint, replay(admission)),
        _ => null,
    };
}
