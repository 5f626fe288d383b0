using Billing.Api.Http;
using Billing.Api.Telemetry;
using Billing.Generations;
using Billing.Writing;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Generations;

/// <summary>Decides an admission, stores it, answers, and counts what came of each generation.</summary>
internal static class Admitting
{
    public static async Task<IResult> DecideAsync(Call call, string workspaceId, Admit command, Func<Admitted, Reply> answer)
    {
        var work = new Work<Admitted>((draft, catalog) => AdmitDecision.Decide(draft, catalog, command)) { Operation = call.Operation(), Answer = answer };
        try
        {
            var done = await call.SubmitAsync(workspaceId, work).ConfigureAwait(false);
            Count(call, command, done);
            return call.Answer(done, answer);
        }
        catch (RateRefusedException)
        {
            Count(call, command, done: null);
            throw;
        }
    }

    private static void Count(Call call, Admit command, Done<Admitted>? done)
    {
        var all = command.Items.Length;
        var admitted = done?.Outcome is Outcome<Admitted>.Accepted { Value: var value } ? value.Items.Count(item => item.Generation is not null) : 0;
        var replayed = done is { Replayed: true } ? all : 0;
        Count(AdmitResult.Admitted, admitted);
        Count(AdmitResult.Replayed, replayed);
        Count(AdmitResult.Refused, all - admitted - replayed);

        void Count(AdmitResult result, int count)
        {
            if (count > 0)
            {
                call.Backend.Metrics.Admits(call.Caller.Product!, command.TestMode, result, count);
            }
        }
    }
}
