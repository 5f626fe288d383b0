using Azure.Core;
using Azure.Core.Pipeline;

namespace Billing.Storage.Tests;

/// <summary>A way for a request to go wrong, just before the wire.</summary>
internal sealed class Fault(Func<HttpMessage, Func<Task>, Task> happen) : HttpPipelinePolicy
{
    private int _requests;

    /// <summary>How many requests came by.</summary>
    public int Requests => _requests;

    /// <summary>The connection breaks before the request arrives.</summary>
    public static Fault RequestLost() => new((_, _) => throw new IOException("The connection broke on the way there."));

    /// <summary>The request is served and the connection breaks before the answer arrives.</summary>
    public static Fault AnswerLost() => new(async (message, next) =>
    {
        await next();
        message.Response.Dispose();
        throw new IOException("The connection broke on the way back.");
    });

    /// <summary>The request is served and the answer takes for ever.</summary>
    public static Fault AnswerLate(Action? served = null) => new(async (message, next) =>
    {
        await next();
        served?.Invoke();
        await Task.Delay(Timeout.InfiniteTimeSpan, message.CancellationToken);
    });

    /// <summary>This fault for the first <paramref name="count"/> requests; all later ones are served.</summary>
    public Fault Only(int count) => new(async (message, next) =>
    {
        if (Interlocked.Increment(ref _requests) > count)
        {
            await next();
        }
        else
        {
            await happen(message, next);
        }
    });

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Interlocked.Increment(ref _requests);
        await happen(message, () => ProcessNextAsync(message, pipeline).AsTask());
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();
}
