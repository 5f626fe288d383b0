using Billing.Engine.Ports;

namespace Billing.Engine.Due;

/// <summary>What one run of a job found.</summary>
/// <param name="Job">The job, which is also its queue.</param>
/// <param name="Sent">Messages that were sent for them.</param>
public sealed record DueRun(string Job, int Due, int Sent);

/// <summary>
/// Finds what is due and sends messages for it: what a timer runs. It reads only due hours of the index, so its cost grows with what is due and not with
/// how many workspaces there are. It may run twice, or at the same time on two instances; nothing minds.
/// </summary>
public sealed class DueJob(ITableStore store, IMessageQueue messages, TimeProvider clock)
{
    /// <summary>No run sends for more workspaces; the next one goes on.</summary>
    public const int Most = 200_000;

    private const int AtOnce = 8;

    public async Task<DueRun> RunAsync(string job, CancellationToken cancellation)
    {
        var run = new DueRun(job, 0, 0);
        var range = DueIndexEntry.Until(job, clock.GetUtcNow());
        while (run.Due < Most && await store.FindAsync(Table.Schedule, range, 1, cancellation).ConfigureAwait(false) is [{ Partition: var hour }])
        {
            run = await SendAsync(hour, run, cancellation).ConfigureAwait(false);
            range = range with { From = hour.Key + " " };
        }

        return run;
    }

    private async Task<DueRun> SendAsync(Partition hour, DueRun run, CancellationToken cancellation)
    {
        var entry = DueIndexEntry.Of(hour);
        await foreach (var some in store.RowsAsync(hour, new KeyRange("", "~"), cancellation).Take(Most - run.Due).Chunk(DueMessage.Most * AtOnce).ConfigureAwait(false))
        {
            var sent = some.Chunk(DueMessage.Most).Select(rows => new DueMessage(entry, [.. rows.Select(row => row.Key)])).ToList();
            await Task.WhenAll(sent.Select(message => messages.SendAsync(run.Job, message.ToText(), TimeSpan.Zero, cancellation))).ConfigureAwait(false);
            run = run with { Due = run.Due + some.Length, Sent = run.Sent + sent.Count };
        }

        return run;
    }
}
