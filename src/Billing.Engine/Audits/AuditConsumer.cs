using Billing.Engine.Due;
using Billing.Engine.Ports;

namespace Billing.Engine.Audits;

/// <summary>
/// Audits every workspace once a night. A message that found a difference is parked: it stays before an operator until a retry, which audits again,
/// finds none.
/// </summary>
public sealed class AuditConsumer(ITableStore store, TimeProvider clock) : IConsumer
{
    private const int AtOnce = 4;
    private readonly Audit _audit = new(store);

    public string Queue => Queues.Audits;

    public async Task<Consumption> ConsumeAsync(string message, CancellationToken cancellation)
    {
        if (!DueMessage.TryParse(message, Queue, out var due))
        {
            return DueMessage.NotOne;
        }

        var reports = new List<AuditReport>();
        foreach (var some in due.WorkspaceIds.Chunk(AtOnce))
        {
            var done = await Task.WhenAll(some.Select(id => _audit.RunAsync(id, cancellation))).ConfigureAwait(false);
            reports.AddRange(done.OfType<AuditReport>());
        }

        await EnsureNextAsync(reports, cancellation).ConfigureAwait(false);
        await DueIndex.RemoveAsync(store, due.Entry, due.WorkspaceIds, cancellation).ConfigureAwait(false);
        var failed = reports.Where(report => !report.Differences.IsEmpty).Select(Summary).ToList();
        return failed.Count == 0 ? Consumption.Done : Consumption.Parked(string.Join(" ", failed));
    }

    /// <summary>Before this night's entry goes, or a crash between the two would end a workspace's audits for ever. A workspace that was never opened has none.</summary>
    private async Task EnsureNextAsync(List<AuditReport> reports, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        foreach (var hour in reports.Select(report => report.WorkspaceId).Distinct(StringComparer.Ordinal).GroupBy(id => DueIndexEntry.NextAudit(id, now)))
        {
            await DueIndex.PutAsync(store, hour.Key, hour, cancellation).ConfigureAwait(false);
        }
    }

    // An alert looks for these words: infra/modules/alerts.bicep.
    private static string Summary(AuditReport report) => $"{report.WorkspaceId}: the audit failed, {report.Differences.Length} differences: {report.Differences[0]}";
}
