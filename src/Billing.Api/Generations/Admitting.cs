using Billing.Api.Http;
using Billing.Api.Telemetry;
using Billing.Engine.Committing;
using Billing.Generations;
using Billing.Workspaces;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Generations;

/// <summary>Decides an admission, stores it, answers, and counts what came of each generation.</summary>
internal static class Admitting
{
    public static async Task<IResult> DecideAsync(ApiRequest request, string workspaceId, Admit command, Func<Admitted, Reply> answer)
    {
        var work = new Work<Admitted>((unit, catalog) => AdmitDecision.Decide(unit, catalog, command))
        {
            Operation = request.Operation(),
            Replay = request.Replay,
            Answer = answer,
            MostRows = Work.FewRows + Admission.RowsOf(command.Items.Length),
        };
        var done = await request.SubmitAsync(workspaceId, work, command.Items.Length, eachAlone: !command.AllOrNothing).ConfigureAwait(false);
        Count(request, command, done);
        return request.Answer(done, answer);
    }

    public static Requester? RequesterOf(ApiRequest request) => Requester.Of(request.Caller.Key?.Id, request.Caller.AccountId);

    private static void Count(ApiRequest request, Admit command, WorkResult<Admitted>? done)
    {
        var all = command.Items.Length;
        var admitted = done?.Outcome?.TryGet(out var value, out _) == true ? value!.Items.Count(item => item.Generation is not null) : 0;
        var replayed = done is { Replayed: true } ? all : 0;
        Count(AdmitResult.Admitted, admitted);
        Count(AdmitResult.Replayed, replayed);
        Count(AdmitResult.Refused, all - admitted - replayed);

        void Count(AdmitResult result, int count)
        {
            if (count > 0)
            {
                request.Backend.Metrics.Admits(request.Caller.Product!, command.TestMode, result, count);
            }
        }
    }
}
