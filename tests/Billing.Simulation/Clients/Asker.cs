using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Simulation.Checking;
using Billing.Simulation.Runs;
using Billing.Simulation.Time;

namespace Billing.Simulation.Clients;

/// <summary>Sends requests, and sends them again as clients do: to whatever instance, soon or hours later, with the same Idempotency-Key.</summary>
internal sealed class Asker(World world, Proof proof)
{
    /// <summary>Asks until there is an answer, or the client gives up.</summary>
    /// <returns>Null when it gave up.</returns>
    public async Task<WorkResult<T>?> AskAsync<T>(Request<T> request, Dice dice)
    {
        var done = await Sending.UntilAnsweredAsync(world, request.Label, request.Repeats, () => TryAsync(request, dice), dice);
        if (done?.Answer is not null && request.Operation is not null && dice.Chance(150))
        {
            _ = EchoAsync(request, dice);
        }

        return done;
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
        var heard = await Sending.HearAsync(world, instance, () => instance.Writer.SubmitAsync(request.WorkspaceId, work));
        world.Trace.Say(world.Loop.Now, "", $"{request.Label}: {Text(heard)}");
        if (heard.Vanished || heard.Exception is StorageUnavailableException)
        {
            var excused = heard.Vanished || world.CalmAt is null || asked.AskedAt < world.CalmAt;
            if (!heard.Vanished)
            {
                world.RequireReason(request.Label, request.WorkspaceId, asked.AskedAt);
            }

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

    private static string Text<T>(Heard<WorkResult<T>> heard) => heard switch
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
