using System.Collections.Concurrent;
using System.Collections.Immutable;
using Billing.Api.Callers;
using Billing.Catalogs;
using Billing.Engine.Ports;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;

namespace Billing.Api.Plans;

/// <summary>
/// Keeps every plan as it was sold last, so that who is on one keeps its meaning when it leaves the files. Nothing is decided before it was read; once a
/// process has, it costs nothing, until somebody has a plan or product that this process does not know: while releases roll, instances have other files.
/// </summary>
public sealed partial class PlanMemory(ITableStore store, CatalogSet catalogs, CacheTime time, ILogger<PlanMemory> logger) : IDisposable
{
    private static readonly TimeSpan MissedFor = TimeSpan.FromSeconds(25);
    private const string PlanPrefix = "plan:";
    private const string FilePrefix = "file:";
    private static readonly Partition Kept = new(Table.People, "catalogs");
    private readonly MemoryCache _asked = time.NewCache();
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);
    private volatile bool _ready;

    /// <summary>Returns when this process knows the plans of before. Whoever comes before that reads them for itself, with the same result.</summary>
    public async ValueTask ReadyAsync(CancellationToken cancellation)
    {
        if (!_ready)
        {
            var stored = await StoredAsync(cancellation).ConfigureAwait(false);
            foreach (var row in Current().Where(row => stored.GetValueOrDefault(row.Key) != row.Data.Text))
            {
                await store.CommitUntilKnownAsync(Kept, [new RowWrite(WriteKind.Put, row)], cancellation).ConfigureAwait(false);
            }

            Keep(stored);
            _ready = true;
        }
    }

    /// <summary>Returns when a product is known, if it is anywhere.</summary>
    public Task KnowAsync(string product) => catalogs.Unknown(product) is { } unknown ? LearnAsync(unknown) : Task.CompletedTask;

    /// <summary>Looks whether another instance sells what this one does not know. What nobody does is looked for again only after a while.</summary>
    /// <param name="unknown">A product, or a product and its plan.</param>
    public async Task LearnAsync(string unknown)
    {
        if (!_asked.TryGetValue(unknown, out _))
        {
            Keep(await StoredAsync(default).ConfigureAwait(false));
            _asked.Set(unknown, true, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = MissedFor, Size = 1 });
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _asked.Dispose();

    private async Task<Dictionary<string, string>> StoredAsync(CancellationToken cancellation) =>
        await store.RowsAsync(Kept, new KeyRange(FilePrefix, PlanPrefix + "~"), cancellation)
            .ToDictionaryAsync(row => row.Key, row => row.Data.Text, StringComparer.Ordinal, cancellation).ConfigureAwait(false);

    private void Keep(Dictionary<string, string> stored)
    {
        var former = stored.Keys.Except(Current().Select(row => row.Key)).ToImmutableArray();
        catalogs.Keep(
            former.Where(key => key.StartsWith(PlanPrefix, StringComparison.Ordinal)).ToLookup(ProductOf, key => stored[key]),
            former.Where(key => key.StartsWith(FilePrefix, StringComparison.Ordinal)).Select(key => Catalog.Find(stored[key])).OfType<Catalog>());
        foreach (var key in former.Where(key => _told.TryAdd(key, true)))
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
        [LoggerMessage(126, LogLevel.Warning, "The catalogs lack {Plan}, which is or was sold elsewhere: workspaces that have it keep it as it was, unless it can be read no longer, and nobody new gets it here")]
        public static partial void NotInTheFiles(ILogger logger, string plan);
    }
}
