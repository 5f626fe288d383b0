using Billing.Webhooks;

namespace Billing.Tests.Webhooks.Deliveries;

/// <summary>Cuts a process's power at one step: from there on none of its calls does anything.</summary>
internal sealed class Power
{
    private readonly Post _post;
    private readonly int _cutAt;
    private int _steps;

    /// <param name="post">Where.</param>
    /// <param name="cutAt">How many steps are carried out.</param>
    public Power(Post post, int cutAt)
    {
        (_post, _cutAt) = (post, cutAt);
        var answer = post.Receivers.Answer;
        post.World.Store.BeforeRead = _ => Step();
        post.World.Store.BeforeCommit = async (_, _) =>
        {
            await Step();
            return null;
        };
        post.World.Store.AfterCommit = async (_, _, result) =>
        {
            await Step();
            return result;
        };
        post.Messages.BeforeSend = (_, _) => Step();
        post.Messages.AfterSend = _ => Step();
        post.Messages.BeforeReveal = _ => Step();
        post.Receivers.Answer = async received =>
        {
            var said = await answer(received);
            await Step();
            return said;
        };
        Answer = answer;
    }

    /// <summary>Steps so far.</summary>
    public int Steps => _steps;

    private Func<Received, Task<WebhookAnswer>> Answer { get; }

    /// <summary>Power is back; the process that had lost it is not.</summary>
    public void Back()
    {
        _post.World.Store.BeforeRead = null;
        _post.World.Store.BeforeCommit = null;
        _post.World.Store.AfterCommit = null;
        _post.Messages.BeforeSend = null;
        _post.Messages.AfterSend = null;
        _post.Messages.BeforeReveal = null;
        _post.Receivers.Answer = Answer;
    }

    private Task Step() => Interlocked.Increment(ref _steps) > _cutAt ? throw new PowerCutException() : Task.CompletedTask;
}
