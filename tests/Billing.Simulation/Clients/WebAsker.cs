using Billing.Simulation.Checking;
using Billing.Simulation.Instances;
using Billing.Simulation.Runs;
using Billing.Simulation.Time;

namespace Billing.Simulation.Clients;

/// <summary>Sends requests over HTTP, to whatever instance, and lets each answer be proven.</summary>
internal sealed class WebAsker(World world, WebProof proof)
{
    /// <summary>Asks until there is an answer other than 503, or the client gives up.</summary>
    /// <returns>Null when it gave up.</returns>
    public Task<WebAnswer?> AskAsync(WebAsk ask, bool repeats, Dice dice) =>
        Sending.UntilAnsweredAsync(world, ask.Request.Label, repeats, () => TryAsync(ask, dice), dice);

    /// <summary>Asks until it is done: nothing else can come of it.</summary>
    public async Task<WebAnswer> InsistAsync(WebAsk ask, Dice dice)
    {
        while (true)
        {
            if (await TryAsync(ask, dice) is { } answer)
            {
                world.Require(answer.Succeeded, "An account is opened", () => $"{ask.Request.Label}: {answer.Status} {answer.Body}");
                return answer;
            }

            await world.Loop.Wait(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Asks once.</summary>
    /// <returns>Null for no answer and for 503.</returns>
    public async Task<WebAnswer?> TryAsync(WebAsk ask, Dice dice)
    {
        var instance = dice.Pick(world.Instances);
        var sent = proof.Send(ask);
        world.Trace.Say(world.Loop.Now, instance.Life.Name, $"is asked: {ask.Request.Label}: {ask.Request.Line} {ask.Request.Body}");
        var heard = await Sending.HearAsync(world, instance, () => instance.Door!.SendAsync(ask.Request));
        world.Trace.Say(world.Loop.Now, "", $"{ask.Request.Label}: {Text(heard)}");
        if (heard.Done is { } answer)
        {
            proof.Hear(sent, answer);
            return answer.Status == 503 ? null : answer;
        }

        world.Require(heard.Vanished, "Requests never fail but for want of storage", () => $"{ask.Request.Label}: {heard.Exception}");
        return null;
    }

    private static string Text(Heard<WebAnswer> heard) => heard switch
    {
        { Vanished: true } => "no answer, its instance died",
        { Done: { } answer } => $"{answer.Status}{(answer.Replayed ? " again" : "")} {answer.Body}",
        _ => $"{heard.Exception}",
    };
}
