using System.Globalization;
using System.Text;

namespace Billing.Api.Webhooks;

/// <summary>The status line of an answer as it came over the wire: what is known of an answer whose headers cannot be read.</summary>
internal sealed class StatusLine
{
    private const string Example = "HTTP/1.1 200";
    private static readonly AsyncLocal<StatusLine?> Awaited = new();
    private readonly byte[] _start = new byte[Example.Length];
    private int _length;

    /// <summary>The one that the request which is being sent waits for.</summary>
    public static StatusLine? Current => Awaited.Value;

    /// <summary>The status; null while there is none. What comes before the answer proper, such as 103, is none.</summary>
    public int? Status =>
        _length == _start.Length && Encoding.Latin1.GetString(_start) is var text && text.StartsWith("HTTP/1.", StringComparison.Ordinal)
        && int.TryParse(text.AsSpan(^3..), NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 200 and <= 599
            ? status
            : null;

    /// <summary>Begins to wait for one, in this flow of control.</summary>
    public static StatusLine Begin() => Awaited.Value = new StatusLine();

    /// <summary>Takes what came.</summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        var taken = bytes[..Math.Min(bytes.Length, _start.Length - _length)];
        taken.CopyTo(_start.AsSpan(_length));
        _length += taken.Length;
    }
}

/// <summary>A connection that shows each request the status line of its answer.</summary>
internal sealed class StatusLineStream(Stream connection) : Stream
{
    private StatusLine? _line;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _line = StatusLine.Current;
        return connection.WriteAsync(buffer, cancellationToken);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await connection.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        _line?.Take(buffer.Span[..read]);
        return read;
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => connection.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            connection.Dispose();
        }

        base.Dispose(disposing);
    }
}
