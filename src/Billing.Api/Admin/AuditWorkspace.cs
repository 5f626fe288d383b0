using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.Engine.Audits;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Billing.Api.Admin;

/// <summary><c>GET /admin/workspaces/{id}/audit</c>: replays the ledger and compares it with the account.</summary>
public static partial class AuditWorkspace
{
    public const string Route = "api/v1/admin/workspaces/{id}/audit";

    public static readonly ApiEndpoint Endpoint = new("AuditWorkspace", "GET", Route, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        if (!Ids.IsWellFormed("ws", request.Route("id")) || await new Audit(request.Backend.Store).RunAsync(request.Route("id"), request.Cancellation).ConfigureAwait(false) is not { } report)
        {
            return request.Refuse(Refusal.NotFound("workspace"));
        }

        if (!report.Differences.IsEmpty)
        {
            Log.AuditFailed(request.Http.RequestServices.GetRequiredService<ILogger<Audit>>(), report.WorkspaceId, report.Differences.Length, report.Differences[0]);
        }

        return JsonReply.Of(AuditView.Of(report));
    }

    private static partial class Log
    {
        // An alert looks for these words: infra/modules/alerts.bicep.
        [LoggerMessage(3, LogLevel.Error, "{WorkspaceId}: the audit failed, {Count} differences: {First}")]
        public static partial void AuditFailed(ILogger logger, string workspaceId, int count, string first);
    }
}

/// <summary>The answer of <c>GET /admin/workspaces/{id}/audit</c>.</summary>
public sealed record AuditView(string WorkspaceId, bool Ok, long Entries, Credits LedgerBalance, Credits Balance, int? Running, ImmutableArray<string> Differences)
{
    internal static AuditView Of(AuditReport report) => new(
        report.WorkspaceId,
        report.Differences.IsEmpty,
        report.Entries,
        report.LedgerBalance,
        report.Balance,
        report.Running,
        report.Differences);
}
