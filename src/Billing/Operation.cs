using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Billing;

/// <summary>Names a request that must have one effect, however often it arrives.</summary>
/// <param name="RowKey">Where its answer is stored.</param>
/// <param name="Fingerprint">Tells whether a later request with the same key is the same request.</param>
public sealed record OperationKey(string RowKey, string Fingerprint)
{
    /// <summary>The operation of an endpoint, an Idempotency-Key and a request body.</summary>
    public static OperationKey Of(string endpoint, string idempotencyKey, ReadOnlySpan<byte> body) =>
        new(Operation.Prefix + Hash(Encoding.UTF8.GetBytes($"{endpoint}\n{idempotencyKey}")), Hash(body));

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16));
}

/// <summary>The stored answer to a request, given again to the byte when the request comes again.</summary>
public sealed record Operation : Record
{
    /// <summary>Row keys of operations begin with this.</summary>
    public const string Prefix = "op:";

    /// <summary>Kept at least this long.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    /// <summary>The row key.</summary>
    public required string Key { get; init; }

    /// <summary>Of the request.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The answer.</summary>
    public required Reply Reply { get; init; }

    /// <summary>When it was answered, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string RowKey => Key;
}

/// <summary>An answer as it goes over the wire.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">JSON text.</param>
public sealed record Reply(int Status, string Body);
