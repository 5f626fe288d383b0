using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace Billing.Api.Plans;

/// <summary>
/// Keeps every plan as it was sold last, so that who is on one keeps its meaning when it leaves the files. Nothing is decided before it was read; once a
/// process has, it costs nothing.
/// </summary>
public sealed partial class PlanMemory(ITableStore store, CatalogSet catalogs, ILogger<PlanMemory> logger)
{
    private const string PlanPrefix = "plan:";
    private const string FilePrefix = "file:";
    private static readonly Partition Kept = new(Table.People, "catalogs");
    private volatile bool _ready;

    /// <summary>Returns when this process knows the plans of before. Whoever comes before that reads them for itself, with the same result.</summary>
    public async ValueTask ReadyAsync(CancellationToken cancellation)
    {
        if (!_ready)
        {
            await RunAsync(cancellation).ConfigureAwait(false);
            _ready = true;
        }
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        var stored = await store.RowsAsync(Kept, new KeyRange(FilePrefix, PlanPrefix + "~"), cancellation)
            .ToDictionaryAsync(row => row.Key, row => row.Data, StringComparer.Ordinal, cancellation).ConfigureAwait(false);
        var now = Current().ToList();
        foreach (var row in now.Where(row => stored.GetValueOrDefault(row.Key) != row.Data))
        {
            await store.CommitUntilKnownAsync(Kept, [new RowWrite(WriteKind.Put, row)], cancellation).ConfigureAwait(false);
        }

        var former = stored.Keys.Except(now.Select(row => row.Key)).ToImmutableArray();
        catalogs.Keep(
            former.Where(key => key.StartsWith(PlanPrefix, StringComparison.Ordinal)).ToLookup(ProductOf, key => stored[key]),
            former.Where(key => key.StartsWith(FilePrefix, StringComparison.Ordinal)).Select(key => Catalog.Parse(stored[key])));
        foreach (var key in former)
        {
            Log.NotInTheFiles(logger, key);
        }
    }

    private IEnumerable<Row> Current() => catalogs.All.SelectMany(catalog => catalog.PlanSources
        .Select(plan => new Row($"{PlanPrefix}{catalog.Product}:{plan.Key}", plan.Value))
        .Append(new Row(FilePrefix + catalog.Product, catalog.Source)));

    private static string ProductOf(string key) => key.Split(':')[1];

    private static partial class Log
    {
        [LoggerMessage(126, LogLevel.Warning, "The catalogs lack {Plan}, which was sold before: workspaces that have it keep it as it was, and nobody new gets it")]
        public static partial void NotInTheFiles(ILogger logger, string plan);
    }
}
