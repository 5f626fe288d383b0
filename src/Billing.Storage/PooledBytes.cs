using System.Buffers;
using System.Text;

namespace Billing.Storage;

/// <summary>Bytes that grow in a rented array.</summary>
internal sealed class PooledBytes(int capacity) : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Write(string ascii)
    {
        var written = Encoding.ASCII.GetBytes(ascii, GetSpan(ascii.Length));
        Advance(written);
    }

    public void Advance(int count) => Length += count;

    public Span<byte> GetSpan(int sizeHint = 1)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Length);
    }

    public Memory<byte> GetMemory(int sizeHint = 1)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public async Task ReadAllAsync(Stream stream, CancellationToken cancellation)
    {
        while (await stream.ReadAsync(GetMemory(4_096), cancellation).ConfigureAwait(false) is > 0 and var read)
        {
            Advance(read);
        }
    }

    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            (_bytes, Length) = ([], 0);
        }
    }

    private void Reserve(int more)
    {
        if (_bytes.Length - Length >= more)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Length + more));
        Written.Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
