using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Billing.Events;

namespace Billing.Workspaces;

/// <summary>An account on its way through the decisions of one commit: what it has become and which rows come with it.</summary>
/// <remarks>
/// A decision reads, decides, and only then changes the draft; a declined one leaves it as it was.
/// It is confined to one commit of one workspace, so it needs no locks.
/// </remarks>
public sealed class UnitOfWork
{
    private readonly IReadOnlyDictionary<string, Record> _stored;
    private readonly Dictionary<string, Record?> _written = [];
    private readonly List<string> _keys = [];
    private string? _secret;
    private readonly ImmutableArray<LedgerEntry>.Builder _entries = ImmutableArray.CreateBuilder<LedgerEntry>();

    /// <summary>Begins with an account and the rows that were read for the decisions to come.</summary>
    public UnitOfWork(Workspace workspace, DateTimeOffset now, IReadOnlyDictionary<string, Record>? stored = null)
    {
        Workspace = workspace;
        Now = now;
        _stored = stored ?? ImmutableDictionary<string, Record>.Empty;
    }

    public Workspace Workspace { get; set; }

    public DateTimeOffset Now { get; }

    /// <summary>Makes what the salts of this commit are made of: random, and used for nothing else. Asked once, and only where somebody wrote something.</summary>
    public Func<string> NewSecret { get; init; } = static () => "";

    /// <summary>The ledger entries posted so far, oldest first.</summary>
    public IReadOnlyList<LedgerEntry> Entries => _entries;

    /// <summary>They as one row, which comes with <see cref="Written"/>; null without any.</summary>
    public LedgerPage? Page => _entries.Count == 0 ? null : new LedgerPage(_entries.ToImmutable());

    /// <summary>How many more generations the caller's key may be admitted in its window; as many as anybody wants where its limit counts none.</summary>
    public int RateRoom { get; set; } = int.MaxValue;

    /// <summary>How many the decision admitted.</summary>
    public int RateTaken { get; set; }

    /// <summary>Rows to write (null: to delete), by key; the ledger's page comes on top.</summary>
    public IReadOnlyDictionary<string, Record?> Written => _written;

    /// <summary>The rows to write, the ledger's page first.</summary>
    public IEnumerable<Record> Records => (Page is { } page ? new Record[] { page } : []).Concat(_written.Values.OfType<Record>());

    /// <summary>Keys of the rows that were written, in the order in which each was first; some may since have been taken back.</summary>
    public IReadOnlyList<string> Keys => _keys;

    /// <summary>True when a row with this key was read from storage.</summary>
    public bool IsStored(string rowKey) => _stored.ContainsKey(rowKey);

    /// <summary>A row as this commit leaves it; false when there is none.</summary>
    public bool TryFind<T>(string rowKey, [NotNullWhen(true)] out T? record)
        where T : Record
    {
        var found = _written.TryGetValue(rowKey, out var written) ? written : _stored.GetValueOrDefault(rowKey);
        record = found as T;
        return record is not null;
    }

    public void Put(Record record) => Write(record.RowKey, record);

    public void Remove(string rowKey)
    {
        if (IsStored(rowKey))
        {
            Write(rowKey, null);
        }
        else
        {
            _written.Remove(rowKey);
        }
    }

    /// <summary>Appends a ledger entry. The account's grants must already be what the entry leaves.</summary>
    public LedgerEntry Post(LedgerLine line)
    {
        var sequence = Workspace.Entries + 1;
        var entry = new LedgerEntry
        {
            Sequence = sequence,
            Type = line.Type,
            Amount = line.Amount,
            BalanceAfter = Workspace.Balance,
            Text = line.Text,
            Metadata = line.Metadata,
            Written = line.Written?.Salted(_secret ??= NewSecret(), sequence),
            CreatedAt = line.At ?? Now,
            Draws = line.Draws,
            PriceVersion = line.PriceVersion,
            AdmissionKey = line.AdmissionKey,
            Requester = line.Requester,
            Previous = Workspace.Head,
        };
        _entries.Add(entry);
        Workspace = Workspace with
        {
            Entries = sequence,
            EntriesByType = Workspace.EntriesByType.SetItem(line.Type, Workspace.EntriesByType.GetValueOrDefault(line.Type) + 1),
            Head = entry.Hash(),
        };
        return entry;
    }

    /// <summary>True where nobody is told of anything: what is taken over from elsewhere is no news.</summary>
    public bool IsSilent { get; init; }

    /// <summary>Records an event for the seller, and for every endpoint of the customer's that wants to hear of it.</summary>
    public void Tell(string type, DateTimeOffset at, ImmutableSortedDictionary<string, Scalar> data, Money? total = null) =>
        Tell(type, at, data, [.. Workspace.Subscribers.Where(one => one.Events.Contains(type)).Select(one => one.Id)], total);

    public void Tell(string type, DateTimeOffset at, ImmutableSortedDictionary<string, Scalar> data, ImmutableArray<string> targets, Money? total = null)
    {
        if (IsSilent)
        {
            return;
        }

        var sequence = Workspace.Events + 1;
        Put(new BillingEvent
        {
            Sequence = sequence,
            Type = type,
            Timestamp = at,
            Data = data.SetItem("workspace_id", Scalar.Of(Workspace.WorkspaceId)),
            Total = total,
            Targets = targets,
            CreatedAt = Now,
        });
        if (!targets.IsEmpty)
        {
            Put(ScheduledAttempt.OfEvent(sequence));
        }

        Workspace = Workspace with { Events = sequence };
    }

    private void Write(string rowKey, Record? record)
    {
        if (!_written.ContainsKey(rowKey))
        {
            _keys.Add(rowKey);
        }

        _written[rowKey] = record;
    }
}

/// <summary>What a new ledger entry says.</summary>
/// <param name="Amount">Credits added, or taken when negative.</param>
public sealed record LedgerLine(EntryType Type, Credits Amount, string Text)
{
    /// <summary>When it took effect, when that was before now.</summary>
    public DateTimeOffset? At { get; init; }

    public ImmutableSortedDictionary<string, Scalar>? Metadata { get; init; }

    public ImmutableArray<Draw>? Draws { get; init; }

    public string? PriceVersion { get; init; }

    /// <summary>What a person wrote with it.</summary>
    public WrittenText? Written { get; init; }

    /// <summary>Key of the last row of the admission that it charges for.</summary>
    public string? AdmissionKey { get; init; }

    public Requester? Requester { get; init; }
}
