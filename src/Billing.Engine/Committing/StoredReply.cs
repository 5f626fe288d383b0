using System.Buffers;
using System.Buffers.Text;
using System.IO.Compression;
using System.Text;

namespace Billing.Engine.Committing;

/// <summary>An answer as it is stored: a long one, that of a large batch, is packed, for it says much the same of each item.</summary>
/// <param name="Body">Null for a packed one.</param>
/// <param name="Packed">Brotli, as text that goes to storage as it is; null for a short answer.</param>
public sealed record StoredReply(int Status, string? Body, string? Packed)
{
    // Below it packing saves less than it costs.
    private const int PackedFrom = 4 * 1024;
    private const int Quality = 4;
    private const int Window = 22;

    public static StoredReply Of(Reply reply) => reply.Body.Length < PackedFrom
        ? new(reply.Status, reply.Body, null)
        : new(reply.Status, null, Base64Url.EncodeToString(Pack(Encoding.UTF8.GetBytes(reply.Body))));

    public Reply ToReply() => new(Status, Body ?? Encoding.UTF8.GetString(Unpack(Base64Url.DecodeFromChars(Packed))));

    private static ReadOnlySpan<byte> Pack(byte[] text)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(text.Length)];
        return BrotliEncoder.TryCompress(text, packed, out var length, Quality, Window)
            ? packed.AsSpan(0, length)
            : throw new InvalidOperationException("An answer could not be packed.");
    }

    private static ReadOnlySpan<byte> Unpack(byte[] packed)
    {
        var text = new ArrayBufferWriter<byte>();
        using var decoder = new BrotliDecoder();
        for (var rest = packed.AsSpan(); ;)
        {
            var status = decoder.Decompress(rest, text.GetSpan(PackedFrom), out var read, out var written);
            text.Advance(written);
            rest = rest[read..];
            if (status == OperationStatus.Done)
            {
                return text.WrittenSpan;
            }

            if (status != OperationStatus.DestinationTooSmall)
            {
                throw new InvalidDataException("A stored answer is broken.");
            }
        }
    }
}
