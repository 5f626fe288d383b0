using Billing.Writing;

namespace Billing.Jobs;

/// <summary>What one run of a job found.</summary>
/// <param name="Job">The job, which is also its queue.</param>
/// <param name="Due">Workspaces that have something due.</param>
/// <param name="Rung">Messages that were sent for them.</param>
public sealed record DueRun(string Job, int Due, int Rung);

/// <summary>
/// Finds what is due and rings for it: what a timer runs. It reads only due buckets of the index, so its cost grows with what is due and not with how
/// many workspaces there are. It may run twice, or at the same time on two instances; nothing minds.
/// </summary>
public sealed class DueJob(ILedger ledger, IDoorbell doorbell, TimeProvider clock)
{
    /// <summary>No run rings for more workspaces; the next one goes on.</summary>
    public const int Most = 200_000;

    private const int PageSize = 1_000;
    private const int RingsAtOnce = 8;

    /// <summary>Runs one of the jobs.</summary>
    public async Task<DueRun> RunAsync(string job, CancellationToken cancellation)
    {
        var due = 0;
        var rung = 0;
        var range = DueLink.Until(job, clock.GetUtcNow());
        while (due < Most && await ledger.FindAsync(Table.Schedule, range, 1, cancellation).ConfigureAwait(false) is [{ Partition: var bucket }])
        {
            var (found, rings) = await RingBucketAsync(bucket, cancellation).ConfigureAwait(false);
            due += found;
            rung += rings;
            range = range with { From = bucket.Key + " " };
        }

        return new DueRun(job, due, rung);
    }

    private async Task<(int Found, int Rung)> RingBucketAsync(Partition bucket, CancellationToken cancellation)
    {
        var (found, rung) = (0, 0);
        string? continuation = null;
        do
        {
            var page = await ledger.ListAsync(bucket, new KeyRange("", "~"), PageSize, null, continuation, cancellation).ConfigureAwait(false);
            var messages = page.Rows.Select(row => row.Key).Chunk(DueMessage.Most).Select(ids => new DueMessage(DueLink.Of(bucket), [.. ids])).ToList();
            foreach (var some in messages.Chunk(RingsAtOnce))
            {
                await Task.WhenAll(some.Select(message => doorbell.RingAsync(message.Link.Job, message.ToText(), TimeSpan.Zero, cancellation))).ConfigureAwait(false);
            }

            found += page.Rows.Length;
            rung += messages.Count;
            continuation = page.Continuation;
        }
        while (continuation is not null && found < Most);

        return (found, rung);
    }
}
