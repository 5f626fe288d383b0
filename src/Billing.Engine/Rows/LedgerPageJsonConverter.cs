using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Workspaces;

namespace Billing.Engine.Rows;

/// <summary>A ledger page as it is stored: what follows from the entries around it is left out.</summary>
/// <param name="First">Sequence of its oldest entry.</param>
/// <param name="BalanceAfter">Credits after its newest.</param>
/// <param name="CreatedAt">When its oldest took effect.</param>
/// <param name="Previous">Hash of the entry before its oldest.</param>
internal sealed record PageRow(long First, Credits BalanceAfter, DateTimeOffset CreatedAt, string? Previous, ImmutableArray<EntryRow> Entries);

/// <param name="CreatedAt">Null where it is the page's.</param>
internal sealed record EntryRow(
    EntryType Type,
    Credits Amount,
    string Text,
    ImmutableSortedDictionary<string, Scalar>? Metadata,
    WrittenText? Written,
    DateTimeOffset? CreatedAt,
    ImmutableArray<Draw>? Draws,
    string? PriceVersion,
    string? AdmissionKey,
    Requester? Requester);

/// <summary>A page's entries follow each other: sequence, balance and the hash before each are made from the page's and the entries before it.</summary>
internal sealed class LedgerPageJsonConverter : JsonConverter<LedgerPage>
{
    public override LedgerPage Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var page = JsonSerializer.Deserialize<PageRow>(ref reader, options)!;
        var balance = page.Entries.Aggregate(page.BalanceAfter, (left, entry) => left - entry.Amount);
        var entries = ImmutableArray.CreateBuilder<LedgerEntry>(page.Entries.Length);
        foreach (var entry in page.Entries)
        {
            balance += entry.Amount;
            entries.Add(new LedgerEntry
            {
                Sequence = page.First + entries.Count,
                Type = entry.Type,
                Amount = entry.Amount,
                BalanceAfter = balance,
                Text = entry.Text,
                Metadata = entry.Metadata,
                Written = entry.Written,
                CreatedAt = entry.CreatedAt ?? page.CreatedAt,
                Draws = entry.Draws,
                PriceVersion = entry.PriceVersion,
                AdmissionKey = entry.AdmissionKey,
                Requester = entry.Requester,
                Previous = entries.Count == 0 ? page.Previous ?? "" : entries[^1].Hash(),
            });
        }

        return new LedgerPage(entries.MoveToImmutable());
    }

    public override void Write(Utf8JsonWriter writer, LedgerPage value, JsonSerializerOptions options)
    {
        var (oldest, newest) = (value.Entries[0], value.Entries[^1]);
        var rows = value.Entries.Select(entry => new EntryRow(
            entry.Type,
            entry.Amount,
            entry.Text,
            entry.Metadata,
            entry.Written,
            entry.CreatedAt == oldest.CreatedAt ? null : entry.CreatedAt,
            entry.Draws,
            entry.PriceVersion,
            entry.AdmissionKey,
            entry.Requester));
        JsonSerializer.Serialize(writer, new PageRow(oldest.Sequence, newest.BalanceAfter, oldest.CreatedAt, oldest.Previous.Length == 0 ? null : oldest.Previous, [.. rows]), options);
    }
}
