using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.Audits;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>GET /admin/workspaces/{id}/audit</c>: replays the ledger and compares it with the account.</summary>
public static class AuditWorkspace
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("AuditWorkspace", "GET", Routes.AdminAudit, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call) =>
        Ids.IsWellFormed("ws", call.Route("id")) && await new Audit(call.Backend.Ledger).RunAsync(call.Route("id"), call.Cancellation).ConfigureAwait(false) is { } report
            ? JsonReply.Of(AuditView.Of(report))
            : call.Refuse(Refusal.NotFound("workspace"));
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
