using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Simulation.Checking;
using Billing.Simulation.Instances;
using Billing.Simulation.Runs;
using Billing.Simulation.Time;

namespace Billing.Simulation.Clients;

/// <summary>Sends requests, and sends them again as clients do: to whatever instance, soon or hours later, with the same Idempotency-Key.</summary>
internal sealed class Asker(World world, Proof proof)
{
    private const int MostTries = 10;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(20);

    /// <summary>Requests that have no answer yet.</summary>
    public int Open { get; private set; }

    /// <summary>From then on nothing may go unanswered; null until the faults are over.</summary>
    public DateTimeOffset? CalmAt { get; set; }

    private sealed record Heard<T>(WorkResult<T>? Done, Exception? Exception, bool Vanished);

    /// <summary>Asks until there is an answer, or the client gives up.</summary>
    /// <returns>Null when it gave up.</returns>
    public async Task<WorkResult<T>?> AskAsync<T>(Request<T> request, Dice dice)
    {
        var firstAt = world.Loop.Now;
        for (var tries = 1; ; tries++)
        {
            if (await TryAsync(request, dice) is { } done)
            {
                if (done.Answer is not null && request.Operation is not null && dice.Chance(150))
                {
                    _ = EchoAsync(request, dice);
                }

                return done;
            }

            var wait = Wait(dice);
            var last = request.Repeats && tries < MostTries && world.Loop.Now + wait - firstAt < Longest ? wait : (TimeSpan?)null;
            if (last is null)
            {
                world.Trace.Say(world.Loop.Now, "", $"{request.Label} is given up");
                return null;
            }

            await world.Loop.Wait(last.Value);
        }
    }

    /// <summary>Sends it once more though it was answered, or something else with its Idempotency-Key: neither may have an effect.</summary>
    private async Task EchoAsync<T>(Request<T> request, Dice dice)
    {
        await world.Loop.Wait(TimeSpan.FromMilliseconds(dice.Between(1, 3_600_000)));
        var other = dice.Chance(200);
        var echo = other ? request with { Operation = request.Operation! with { Fingerprint = "other" } } : request;
        var done = await TryAsync(echo with { Label = request.Label + " again" }, dice);
        var reused = done?.Outcome is Outcome<T>.Declined { Refusal.Code: RefusalCodes.IdempotencyKeyReused };
        world.Require(done is null or { Outcome: Outcome<T>.Declined or null } || !other, "An Idempotency-Key is for one request", () => request.Label);
        world.Require(!reused || other, "An Idempotency-Key is for one request", () => request.Label);
    }

    private async Task<WorkResult<T>?> TryAsync<T>(Request<T> request, Dice dice)
    {
        var instance = dice.Pick(world.Instances);
        var work = request.Make(instance) with { Operation = request.Operation, Answer = request.Answer, Rate = request.Rate };
        var asked = new Answered(
            request.Label, request.WorkspaceId, request.Operation, request.Rate, work.ReadsAccount, world.Witness.HistoryOf(request.WorkspaceId).Count)
        {
            AskedAt = world.Loop.Now,
        };
        world.Trace.Say(world.Loop.Now, instance.Life.Name, $"is asked: {request.Label}");
        Open++;
        var heard = await SendAsync(instance, request.WorkspaceId, work);
        Open--;
        world.Trace.Say(world.Loop.Now, "", $"{request.Label}: {Text(heard)}");
        if (heard.Vanished || heard.Exception is StorageUnavailableException)
        {
            var excused = heard.Vanished || CalmAt is null || asked.AskedAt < CalmAt;
            world.Require(excused, "Without faults every request is answered", () => $"{request.Label}: {heard.Exception!.Message}");
            return null;
        }

        if (heard.Exception is { } exception)
        {
            world.Fail("Requests never fail but for want of storage", $"{request.Label}: {exception}");
            return null;
        }

        proof.Hear(asked, heard.Done);
        return heard.Done;
    }

    private static async Task<Heard<T>> SendAsync<T>(Instance instance, string workspaceId, Work<T> work)
    {
        var heard = new TaskCompletionSource<Heard<T>>();
        instance.Life.OnEnd(() => heard.TrySetResult(new Heard<T>(null, null, Vanished: true)));
        _ = ForwardAsync(instance.Writer.SubmitAsync(workspaceId, work), heard);
        return await heard.Task;
    }

    private static async Task ForwardAsync<T>(Task<WorkResult<T>?> task, TaskCompletionSource<Heard<T>> heard)
    {
        try
        {
            heard.TrySetResult(new Heard<T>(await task, null, Vanished: false));
        }
#pragma warning disable CA1031 // the client hears of it, whatever it is
        catch (Exception exception)
#pragma warning restore CA1031
        {
            heard.TrySetResult(new Heard<T>(null, exception, Vanished: false));
        }
    }

    private static TimeSpan Wait(Dice dice) => dice.Below(10) switch
    {
        < 5 => TimeSpan.FromMilliseconds(dice.Between(1, 200)),
        < 8 => TimeSpan.FromMilliseconds(dice.Between(200, 30_000)),
        _ => TimeSpan.FromSeconds(dice.Between(30, 5 * 3_600)),
    };

    private static string Text<T>(Heard<T> heard) => heard switch
    {
        { Vanished: true } => "no answer, its instance died",
        { Exception: { } exception } => $"{exception.GetType().Name}: {exception.Message}",
        { Done.Replayed: true } => "answered again as before",
        { Done.Outcome: Outcome<T>.Declined { Refusal: var refusal } } => $"declined, {refusal.Code}: {refusal.Detail}",
        { Done: { Outcome: null } } => "over the rate limit",
        { Done: { Outcome: Outcome<T>.AlreadyApplied, Workspace: var workspace } } => $"done before ({workspace.Balance} left, version {workspace.Version})",
        { Done: { Workspace: var workspace } } => $"done ({workspace.Balance} left, version {workspace.Version})",
        _ => "no such workspace",
    };
}
