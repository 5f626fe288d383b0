using System.Collections.Immutable;
using Billing.Engine.Committing;
using Billing.Engine.Directories;
using Billing.Engine.Due;
using Billing.Engine.Feed;
using Billing.Events;
using Billing.Workspaces;

namespace Billing.Engine.Audits;

/// <summary>
/// Audits every workspace once a night. A message that found a difference is parked: it stays before an operator until a retry, which audits again,
/// finds none. What is a copy of the workspace elsewhere, in lists and in the seller's feed, is made whole with it.
/// </summary>
public sealed class AuditConsumer(JobPorts ports) : IConsumer
{
    private const int AtOnce = 4;
    private readonly Audit _audit = new(ports.Store);
    private readonly FeedWriter _feed = new(ports);
    private readonly AccountIndex _index = new(ports.Store, new AccountDirectory(ports.Store));

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
            var done = await Task.WhenAll(some.Select(id => AuditAsync(id, cancellation))).ConfigureAwait(false);
            reports.AddRange(done.OfType<AuditReport>());
        }

        await EnsureNextAsync(reports, cancellation).ConfigureAwait(false);
        await DueIndex.RemoveAsync(ports.Store, due.Entry, due.WorkspaceIds, cancellation).ConfigureAwait(false);
        var failed = reports.Where(report => !report.Differences.IsEmpty).Select(Summary).ToList();
        return failed.Count == 0 ? Consumption.Done : Consumption.Parked(string.Join(" ", failed));
    }

    private async Task<AuditReport?> AuditAsync(string workspaceId, CancellationToken cancellation)
    {
        if (await _audit.RunAsync(workspaceId, cancellation).ConfigureAwait(false) is not { } report)
        {
            return null;
        }

        if (!report.Differences.IsEmpty)
        {
            var data = ImmutableSortedDictionary<string, Scalar>.Empty.Add("differences", Scalar.Of(report.Differences.Length)).Add("first", Scalar.Of(report.Differences[0]));
            var work = new Work<bool>((unit, _) => Tell(unit, data)) { ReadsAccount = false };
            await ports.Writer.SubmitAsync(workspaceId, work).ConfigureAwait(false);
        }

        await _feed.CatchUpAsync(report.Workspace, cancellation).ConfigureAwait(false);
        if (report.Workspace is { Type: WorkspaceType.Personal, Owner: { } owner })
        {
            await _index.RefreshAsync(owner, cancellation).ConfigureAwait(false);
        }

        return report;
    }

    private static bool Tell(UnitOfWork unit, ImmutableSortedDictionary<string, Scalar> data)
    {
        unit.Tell(EventTypes.AuditFailed, unit.Now, data);
        return true;
    }

    /// <summary>Before this night's entry goes, or a crash between the two would end a workspace's audits for ever. A workspace that was never opened has none.</summary>
    private async Task EnsureNextAsync(List<AuditReport> reports, CancellationToken cancellation)
    {
        var now = ports.Clock.GetUtcNow();
        foreach (var hour in reports.Select(report => report.WorkspaceId).Distinct(StringComparer.Ordinal).GroupBy(id => DueIndexEntry.NextAudit(id, now)))
        {
            await DueIndex.PutAsync(ports.Store, hour.Key, hour, cancellation).ConfigureAwait(false);
        }
    }

    // An alert looks for these words: infra/modules/alerts.bicep.
    private static string Summary(AuditReport report) => $"{report.WorkspaceId}: the audit failed, {report.Differences.Length} differences: {report.Differences[0]}";
}
