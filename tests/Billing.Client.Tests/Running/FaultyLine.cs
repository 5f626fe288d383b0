using System.Net;

namespace Billing.Client.Tests.Running;

/// <summary>What becomes of a call.</summary>
public enum Fault
{
    /// <summary>The request never arrives.</summary>
    RequestLost,

    /// <summary>The request arrives, and the connection breaks before its answer.</summary>
    AnswerLost,

    /// <summary>The answer breaks off in the middle.</summary>
    AnswerCut,

    /// <summary>The answer comes when nobody waits for it any more.</summary>
    AnswerLate,

    /// <summary>Nothing comes until the caller gives up.</summary>
    Hanging,

    /// <summary>A proxy answers in the backend's place, after the request arrived.</summary>
    BadGateway,
}

/// <summary>A line to the backend that fails as it is told.</summary>
internal sealed class FaultyLine(HttpMessageHandler backend) : DelegatingHandler(backend)
{
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>What becomes of a call, by its number from 1 and its path; null for nothing bad.</summary>
    public Func<int, string, Fault?> Plan { get; set; } = (_, _) => null;

    /// <summary>The call after which the process is dead: its answer never arrives, and no other call is sent.</summary>
    public int DeadAfter { get; set; } = int.MaxValue;

    /// <summary>Ended when the process is dead.</summary>
    public TaskCompletionSource Dead { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _calls);
        if (number > DeadAfter)
        {
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }

        var fault = Plan(number, request.RequestUri!.AbsolutePath);
        if (fault == Fault.RequestLost)
        {
            throw new HttpRequestException("The request was lost.");
        }

        if (fault == Fault.Hanging)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        var response = await base.SendAsync(request, cancellationToken);
        if (number == DeadAfter)
        {
            Dead.SetResult();
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }

        if (fault is not null)
        {
            response.Dispose();
        }

        return fault switch
        {
            Fault.AnswerLost => throw new HttpRequestException("The answer was lost."),
            Fault.AnswerLate => throw new TaskCanceledException("The answer came too late.", new TimeoutException()),
            Fault.AnswerCut => new HttpResponseMessage(response.StatusCode) { Content = new StreamContent(new BrokenStream()) },
            Fault.BadGateway => new HttpResponseMessage(HttpStatusCode.BadGateway),
            _ => response,
        };
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("The connection broke.");

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw new IOException("The connection broke.");
    }
}
