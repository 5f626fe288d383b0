using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Billing.Catalogs;
using Billing.Webhooks;

namespace Billing.Accounts;

/// <summary>An account on its way through the decisions of one commit: what it has become and which rows come with it.</summary>
/// <remarks>
/// A decision reads, decides, and only then changes the draft; a declined one leaves it as it was.
/// It is confined to one commit of one workspace, so it needs no locks.
/// </remarks>
public sealed class Draft
{
    private readonly IReadOnlyDictionary<string, Record> _stored;
    private readonly Dictionary<string, Record?> _written = [];
    private readonly Dictionary<string, (Record Record, Row Row)> _rows = [];
    private readonly List<string> _keys = [];
    private readonly List<Doorbell> _doorbells = [];

    /// <summary>Begins with an account and the rows that were read for the decisions to come.</summary>
    public Draft(Account account, DateTimeOffset now, IReadOnlyDictionary<string, Record>? stored = null)
    {
        Account = account;
        Now = now;
        _stored = stored ?? ImmutableDictionary<string, Record>.Empty;
    }

    /// <summary>What the account has become so far.</summary>
    public Account Account { get; set; }

    /// <summary>The instant of every decision in this commit.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>Rows to write (null: to delete), by key.</summary>
    public IReadOnlyDictionary<string, Record?> Written => _written;

    /// <summary>Keys of the rows that were written, in the order in which each was first; some may since have been taken back.</summary>
    public IReadOnlyList<string> Keys => _keys;

    /// <summary>Queue messages that point to these rows.</summary>
    public IReadOnlyList<Doorbell> Doorbells => _doorbells;

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

    /// <summary>Writes a row; when its key has changed, the one under the old key goes.</summary>
    public void Put(Record record, string? formerKey = null)
    {
        if (formerKey is not null && formerKey != record.RowKey)
        {
            Remove(formerKey);
        }

        Write(record.RowKey, record);
    }

    /// <summary>Deletes a row.</summary>
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

    /// <summary>A written record as its row. It is serialized once, however often it is asked for.</summary>
    public Row RowOf(Record record)
    {
        var key = record.RowKey;
        if (_rows.TryGetValue(key, out var made) && ReferenceEquals(made.Record, record))
        {
            return made.Row;
        }

        var row = RowJson.ToRow(record);
        _rows[key] = (record, row);
        return row;
    }

    /// <summary>Asks for a queue message that points to a row of this commit.</summary>
    public void Ring(string queue, string id) => _doorbells.Add(new Doorbell(queue, id));

    /// <summary>Appends a ledger entry. The account's grants must already be what the entry leaves.</summary>
    public LedgerEntry Post(LedgerLine line)
    {
        var sequence = Account.Entries + 1;
        var entry = new LedgerEntry
        {
            Sequence = sequence,
            Id = Ids.Of("txn", Account.WorkspaceId, sequence),
            Type = line.Type,
            Amount = line.Amount,
            BalanceAfter = Account.Balance,
            Description = line.Description,
            Metadata = line.Metadata,
            CreatedAt = line.At ?? Now,
            Draws = line.Draws,
            PriceVersion = line.PriceVersion,
            Previous = Account.Head,
        };
        Put(entry);
        Account = Account with
        {
            Entries = sequence,
            EntriesByType = Account.EntriesByType.SetItem(line.Type, Account.EntriesByType.GetValueOrDefault(line.Type) + 1),
            Head = HashOf(RowOf(entry).Data),
        };
        return entry;
    }

    /// <summary>The hash of an entry as stored: what the entry after it names.</summary>
    public static string HashOf(string data) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(data)).AsSpan(0, 16));

    /// <summary>Records an event for everyone who wants to hear of it; for nobody when no one does.</summary>
    public void Tell(string type, DateTimeOffset at, ImmutableSortedDictionary<string, Scalar> data, Money? total = null) =>
        Tell(type, at, data, [.. Account.Subscribers.Where(one => one.Events.Contains(type)).Select(one => one.Id)], total);

    /// <summary>Records an event for <paramref name="targets"/>.</summary>
    public void Tell(string type, DateTimeOffset at, ImmutableSortedDictionary<string, Scalar> data, ImmutableArray<string> targets, Money? total = null)
    {
        if (targets.IsEmpty)
        {
            return;
        }

        var sequence = Account.Events + 1;
        Put(new BillingEvent
        {
            Sequence = sequence,
            Type = type,
            Timestamp = at,
            Data = data.SetItem("workspace_id", Scalar.Of(Account.WorkspaceId)),
            Total = total,
            Targets = targets,
            CreatedAt = Now,
        });
        Account = Account with { Events = sequence };
        Ring(Queues.Webhooks, Ids.Of("evt", Account.WorkspaceId, sequence));
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
/// <param name="Type">What it tells of.</param>
/// <param name="Amount">Credits added, or taken when negative.</param>
/// <param name="Description">One line for a person.</param>
public sealed record LedgerLine(EntryType Type, Credits Amount, string Description)
{
    /// <summary>When it took effect, when that was before now.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>What the caller or the product adds.</summary>
    public ImmutableSortedDictionary<string, Scalar>? Metadata { get; init; }

    /// <summary>Grants drawn from or given back to.</summary>
    public ImmutableArray<Draw>? Draws { get; init; }

    /// <summary>Price version of a charge.</summary>
    public string? PriceVersion { get; init; }
}

/// <summary>A queue message to be sent: look at this row.</summary>
/// <param name="Queue">One of <see cref="Queues"/>.</param>
/// <param name="Id">The id that names the row.</param>
public sealed record Doorbell(string Queue, string Id);
