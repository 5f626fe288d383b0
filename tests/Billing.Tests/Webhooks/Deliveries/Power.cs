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
        post.World.Ledger.BeforeRead = _ => Step();
        post.World.Ledger.BeforeCommit = async (_, _) =>
        {
            await Step();
            return null;
        };
        post.World.Ledger.AfterCommit = async (_, _, result) =>
        {
            await Step();
            return result;
        };
        post.Doorbell.BeforeRing = (_, _) => Step();
        post.Doorbell.AfterRing = _ => Step();
        post.Doorbell.BeforeReveal = _ => Step();
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

    private Func<Received, Task<Billing.Webhooks.WebhookAnswer>> Answer { get; }

    /// <summary>Power is back; the process that had lost it is not.</summary>
    public void Back()
    {
        _post.World.Ledger.BeforeRead = null;
        _post.World.Ledger.BeforeCommit = null;
        _post.World.Ledger.AfterCommit = null;
        _post.Doorbell.BeforeRing = null;
        _post.Doorbell.AfterRing = null;
        _post.Doorbell.BeforeReveal = null;
        _post.Receivers.Answer = Answer;
    }

    private Task Step() => Interlocked.Increment(ref _steps) > _cutAt ? throw new PowerCutException() : Task.CompletedTask;
}
