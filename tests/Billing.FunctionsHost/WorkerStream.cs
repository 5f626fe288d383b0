using System.Collections.Concurrent;
using System.Threading.Channels;
using Billing.FunctionsHost.Protocol;
using Grpc.Core;

namespace Billing.FunctionsHost;

/// <summary>The stream between host and worker: questions go out, each is given its answer, and what the worker logs is kept.</summary>
internal sealed class WorkerStream : FunctionRpc.FunctionRpcBase
{
    private readonly Channel<StreamingMessage> _outgoing = Channel.CreateUnbounded<StreamingMessage>();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _asked = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the worker has said who it is.</summary>
    public Task Started => _started.Task;

    /// <summary>What the worker logged so far.</summary>
    public ConcurrentQueue<RpcLog> Log { get; } = new();

    public override async Task EventStream(IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        var sending = SendAsync(responseStream, context.CancellationToken);
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            Take(requestStream.Current);
        }

        _outgoing.Writer.TryComplete();
        await sending;
    }

    /// <summary>Asks and waits for the answer.</summary>
    /// <param name="question">An invocation is answered by its own id, all else by the message's.</param>
    public async Task<StreamingMessage> AskAsync(StreamingMessage question)
    {
        question.RequestId = question.InvocationRequest?.InvocationId ?? Guid.NewGuid().ToString();
        var answer = new TaskCompletionSource<StreamingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[question.RequestId] = answer;
        _outgoing.Writer.TryWrite(question);
        return await answer.Task;
    }

    public void Tell(StreamingMessage message) => _outgoing.Writer.TryWrite(message);

    /// <summary>Nobody will answer any more.</summary>
    public void Fail(Exception exception)
    {
        _started.TrySetException(exception);
        foreach (var answer in _asked.Values)
        {
            answer.TrySetException(exception);
        }
    }

    private void Take(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.StartStream:
                _started.TrySetResult();
                break;
            case StreamingMessage.ContentOneofCase.RpcLog:
                Log.Enqueue(message.RpcLog);
                break;
            default:
                if (_asked.TryRemove(message.InvocationResponse?.InvocationId ?? message.RequestId, out var answer))
                {
                    answer.TrySetResult(message);
                }

                break;
        }
    }

    private async Task SendAsync(IServerStreamWriter<StreamingMessage> worker, CancellationToken cancellation)
    {
        await foreach (var message in _outgoing.Reader.ReadAllAsync(cancellation))
        {
            await worker.WriteAsync(message, cancellation);
        }
    }
}
