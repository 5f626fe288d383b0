using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Storage;

namespace Billing.Api.Telemetry;

/// <summary>
/// The instruments of the meter "Billing", named and measured as OpenTelemetry has it. What they are told apart by has few values: never a workspace, an id or an address.
/// </summary>
public sealed class BillingMetrics
{
    private const string Shard = "billing.shard";

    // Seconds: a round trip to storage is a few milliseconds, its time-out 3 s, and a commit is sent up to three times.
    private static readonly InstrumentAdvice<double> Commits = new() { HistogramBucketBoundaries = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 3, 10] };
    private static readonly InstrumentAdvice<double> Ages = new() { HistogramBucketBoundaries = [0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400] };
    private static readonly InstrumentAdvice<int> Counts = new() { HistogramBucketBoundaries = [0, 1, 2, 3, 5, 10, 20, 30, 50, 75, 100] };
    private readonly Meter _meter;
    private readonly Counter<long> _admits;
    private readonly Counter<long> _refusals;
    private readonly Histogram<int> _commitSize;
    private readonly Histogram<int> _commitRows;
    private readonly Histogram<double> _commitDuration;
    private readonly Counter<long> _conflicts;
    private readonly Histogram<double> _queueAge;
    private readonly Counter<long> _poison;
    private readonly Counter<long> _due;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _deliveries;

    /// <summary>Makes the instruments, once for a process.</summary>
    public BillingMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(Spans.Name);
        _admits = _meter.CreateCounter<long>("billing.admits", "{admit}", "Generations that were asked for, by what was decided.");
        _refusals = _meter.CreateCounter<long>("billing.refusals", "{refusal}", "Requests that were refused, by code and endpoint.");
        _commitSize = _meter.CreateHistogram("billing.commit.size", "{work}", "Pieces of work that rode in one commit.", advice: Counts);
        _commitRows = _meter.CreateHistogram("billing.commit.entities", "{entity}", "Entities that one commit wrote.", advice: Counts);
        _commitDuration = _meter.CreateHistogram("billing.commit.duration", "s", "Time until the fate of a commit was known.", advice: Commits);
        _conflicts = _meter.CreateCounter<long>("billing.conflicts", "{conflict}", "Commits that another writer was faster than; they were decided again.");
        _queueAge = _meter.CreateHistogram("billing.queue.age", "s", "Time from the sending of a message to its consumption.", advice: Ages);
        _poison = _meter.CreateCounter<long>("billing.poison", "{message}", "Messages that were given up.");
        _due = _meter.CreateCounter<long>("billing.job.due", "{workspace}", "Workspaces that a job found something due in.");
        _sent = _meter.CreateCounter<long>("billing.job.rung", "{message}", "Messages that a job sent.");
        _deliveries = _meter.CreateCounter<long>("billing.deliveries", "{attempt}", "Attempts to deliver to webhooks, by what came of them.");
    }

    /// <summary>Counts the requests to storage, where they are counted anyway.</summary>
    /// <param name="shards">Of each shard, by its number.</param>
    public void Observe(ImmutableArray<StorageMeter> shards) => _meter.CreateObservableCounter(
        "billing.storage.requests",
        () => shards.SelectMany((meter, shard) =>
        {
            var sent = meter.Snapshot();
            return new[] { Requests(sent.Reads, "read", shard), Requests(sent.Commits, "commit", shard), Requests(sent.QueueOperations, "queue", shard), Requests(sent.Others, "other", shard) };
        }),
        "{request}",
        "HTTP requests to storage, retries and failures included.");

    /// <summary>Generations were asked for.</summary>
    public void Admits(string product, bool testMode, AdmitResult result, int count = 1) => _admits.Add(
        count, new("billing.product", product), new("billing.mode", testMode ? "test" : "live"), new("billing.result", NameOf(result)));

    /// <summary>A request was refused.</summary>
    public void Refused(string code, string endpoint) => _refusals.Add(1, new("error.type", code), new("billing.endpoint", endpoint));

    /// <summary>A commit ended.</summary>
    public void Committed(CommitStart start, CommitFate fate, TimeSpan duration)
    {
        var result = NameOf(fate);
        _commitDuration.Record(duration.TotalSeconds, new("billing.result", result), new(Shard, ShardMap.ShardOf(start.UnitOfWork.Workspace.WorkspaceId)));
        if (fate == CommitFate.Stored)
        {
            _commitSize.Record(start.Works);
            _commitRows.Record(start.Rows);
        }
        else if (fate is CommitFate.Duplicate or CommitFate.Stale)
        {
            _conflicts.Add(1, new KeyValuePair<string, object?>("billing.reason", result));
        }
    }

    /// <summary>A message reached its consumer.</summary>
    public void Consumed(ShardQueue queue, TimeSpan age) => _queueAge.Record(Math.Max(0, age.TotalSeconds), new("billing.queue", queue.Name), new(Shard, queue.Shard));

    /// <summary>A message was given up.</summary>
    public void Poisoned(ShardQueue queue) => _poison.Add(1, new("billing.queue", queue.Name), new(Shard, queue.Shard));

    /// <summary>A job has run.</summary>
    public void Ran(string job, int due, int sent)
    {
        _due.Add(due, new KeyValuePair<string, object?>("billing.job", job));
        _sent.Add(sent, new KeyValuePair<string, object?>("billing.job", job));
    }

    /// <summary>A delivery was attempted.</summary>
    public void Delivered(string result) => _deliveries.Add(1, new KeyValuePair<string, object?>("billing.result", result));

    /// <summary>A fate as a tag has it.</summary>
    internal static string NameOf(CommitFate fate) => fate switch
    {
        CommitFate.Stored => "stored",
        CommitFate.Duplicate => "duplicate",
        CommitFate.Stale => "stale",
        CommitFate.Unavailable => "unavailable",
        _ => "unclear",
    };

    private static string NameOf(AdmitResult result) => result switch
    {
        AdmitResult.Admitted => "admitted",
        AdmitResult.Replayed => "replayed",
        _ => "refused",
    };

    private static Measurement<long> Requests(long count, string operation, int shard) => new(count, new("billing.operation", operation), new(Shard, shard));
}

/// <summary>What was decided about a generation that was asked for.</summary>
public enum AdmitResult
{
    /// <summary>It runs.</summary>
    Admitted,

    /// <summary>It was decided before; the stored answer was given.</summary>
    Replayed,

    /// <summary>It was refused.</summary>
    Refused,
}
