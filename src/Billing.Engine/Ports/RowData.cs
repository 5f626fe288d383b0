using System.Text;

namespace Billing.Engine.Ports;

/// <summary>What a row holds: text, kept as the UTF-8 bytes that are stored.</summary>
public readonly struct RowData(ReadOnlyMemory<byte> bytes) : IEquatable<RowData>
{
    // Half a character would not survive the way to storage and back.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    /// <summary>In bytes.</summary>
    public int Length => Bytes.Length;

    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    /// <summary>A text as its bytes.</summary>
    /// <exception cref="ArgumentException">It holds half a character: a UTF-16 surrogate without its other half.</exception>
    public static implicit operator RowData(string text) => new(Strict.GetBytes(text));

    public static bool operator ==(RowData left, RowData right) => left.Equals(right);

    public static bool operator !=(RowData left, RowData right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(RowData other) => Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RowData other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
