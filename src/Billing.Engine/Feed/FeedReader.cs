using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using Billing.Engine.Ports;
using Billing.Events;
using Billing.Webhooks;

namespace Billing.Engine.Feed;

/// <summary>How far somebody has read the seller's feed: the number of the last event in each lane. A lane that comes later begins at its first.</summary>
public sealed record FeedCursor(ImmutableArray<long> Positions)
{
    public static readonly FeedCursor Beginning = new([]);

    /// <summary>Longest text of one, in characters: of all the lanes that there can be.</summary>
    public const int Longest = 8 * SellerFeed.Lanes * ShardMap.Most;

    // Seven bits a byte, the last without the eighth.
    private const int Bits = 7;

    public long this[int lane] => lane < Positions.Length ? Positions[lane] : 0;

    /// <summary>Reads one; null when it is none.</summary>
    public static FeedCursor? Parse(string text)
    {
        if (text.Length is 0 or > Longest || !Base64Url.IsValid(text))
        {
            return null;
        }

        var positions = ImmutableArray.CreateBuilder<long>();
        var (value, shift) = (0L, 0);
        foreach (var part in Base64Url.DecodeFromChars(text))
        {
            if (shift > 56)
            {
                return null;
            }

            value |= (long)(part & 0x7F) << shift;
            (value, shift) = part < 0x80 ? (Added(positions, value), 0) : (value, shift + Bits);
        }

        return shift == 0 && positions.Count <= SellerFeed.Lanes * ShardMap.Most ? new FeedCursor(positions.ToImmutable()) : null;
    }

    public override string ToString()
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var position in Positions)
        {
            var rest = position;
            for (; rest > 0x7F; rest >>= Bits)
            {
                bytes.Write([(byte)(0x80 | (rest & 0x7F))]);
            }

            bytes.Write([(byte)rest]);
        }

        return Base64Url.EncodeToString(bytes.WrittenSpan);
    }

    private static long Added(ImmutableArray<long>.Builder positions, long value)
    {
        positions.Add(value);
        return 0;
    }
}

/// <summary>Reads the seller's feed: one round trip to each lane, all at once. What a lane shows has nothing before it that comes later, so nobody who goes on from a cursor misses any.</summary>
public static class FeedReader
{
    // Lanes are about equally long: twice an equal share of each is seldom too little, and a page that ends early costs nothing but another.
    private const int Share = 2;
    private const int Fewest = 25;

    /// <summary>Events after a cursor, in the order in which they were appended.</summary>
    /// <param name="most">Most events. There may be fewer though more follow; none at all only where none does.</param>
    /// <returns>The events, and the cursor to what comes after them.</returns>
    public static async Task<(ImmutableArray<BillingEvent> Events, FeedCursor Next)> ReadAsync(ITableStore store, ShardMap shards, FeedCursor after, int most, CancellationToken cancellation)
    {
        var lanes = SellerFeed.LanesOf(shards).ToImmutableArray();
        var each = Math.Min(most, Math.Max(Fewest, Share * most / lanes.Length));
        var found = await Task.WhenAll(lanes.Select((lane, number) => ReadLaneAsync(store, lane, number, after[number], each, cancellation))).ConfigureAwait(false);

        // Behind the last that was read of a lane with more, another lane's might be too early.
        var until = found.Where(lane => lane.More).Min(lane => (DateTimeOffset?)lane.Events[^1].Told.CreatedAt) ?? DateTimeOffset.MaxValue;
        var events = found.SelectMany(lane => lane.Events).Where(one => one.Told.CreatedAt <= until)
            .OrderBy(one => one.Told.CreatedAt).ThenBy(one => one.Lane).ThenBy(one => one.Told.Sequence).Take(most).ToList();
        var positions = lanes.Select((_, number) => after[number]).ToArray();
        foreach (var (told, lane) in events)
        {
            positions[lane] = told.Sequence;
        }

        return ([.. events.Select(one => one.Told).Where(told => told.Source is not null)], new FeedCursor([.. positions]));
    }

    private static async Task<(ImmutableArray<(BillingEvent Told, int Lane)> Events, bool More)> ReadLaneAsync(ITableStore store, string lane, int number, long after, int most, CancellationToken cancellation)
    {
        var (events, goesOn) = await EventRows.AfterAsync(store, lane, after, most, cancellation).ConfigureAwait(false);
        return ([.. events.Select(told => (told, number))], goesOn);
    }
}
