using Billing.Api.Admin;
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
        var done = request.Caller.IsNewcomer ? null : await SubmitAsync(request, workspaceId, command, answer).ConfigureAwait(false);
        if (done is null && request.Newcomer is { } newcomer && workspaceId == request.Caller.HomeWorkspaceId)
        {
            // Only now: what is refused for its mistakes opens no account.
            if (!(await FirstSight.OpenAsync(request, newcomer).ConfigureAwait(false)).TryGet(out var opened, out var refusal))
            {
                return request.Refuse(refusal);
            }

            done = await SubmitAsync(request, opened, command, answer).ConfigureAwait(false);
        }

        Count(request, command, done);
        return request.Answer(done, answer);
    }

    private static Task<WorkResult<Admitted>?> SubmitAsync(ApiRequest request, string workspaceId, Admit command, Func<Admitted, Reply> answer)
    {
        var asked = command with { Requester = Requester.Of(request.Caller.Key?.Id, request.Caller.AccountId) };
        var work = new Work<Admitted>((unit, catalog) => AdmitDecision.Decide(unit, catalog, asked))
        {
            Operation = request.Operation(),
            Replay = request.Replay,
            Answer = answer,
            MostRows = Work.FewRows + Admission.RowsOf(command.Items.Length),
        };
        return request.SubmitAsync(workspaceId, work, command.Items.Length, eachAlone: !command.AllOrNothing);
    }

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
