using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Billing;

/// <summary>The storage accounts that workspaces are spread over. A workspace's id begins with the digit of its shard, so another shard moves nobody.</summary>
/// <param name="Weights">Of each shard, by its number: how many of the new workspaces it gets, of all weights together. 0: none.</param>
public sealed record ShardMap(ImmutableArray<int> Weights)
{
    /// <summary>As many as one character of an id can tell.</summary>
    public const int Most = 32;

    public const int HighestWeight = 1_000;

    /// <summary>Bytes that a new workspace's id is made from: ten are the id, four choose its shard.</summary>
    public const int BytesOfId = 14;

    /// <summary>What there is without further accounts.</summary>
    public static readonly ShardMap One = new([1]);

    public int Count => Weights.Length;

    /// <summary>The numbers of all shards.</summary>
    public IEnumerable<int> All => Enumerable.Range(0, Count);

    /// <summary>The shard that an id names, be there one of that number or not.</summary>
    /// <returns>−1 for what is no id of a workspace.</returns>
    public static int ShardOf(string workspaceId) => workspaceId.Length > Ids.WorkspacePrefixLength ? Ids.DigitAt(workspaceId, Ids.WorkspacePrefixLength) : -1;

    /// <summary>True when an id names one of these.</summary>
    public bool Knows(string workspaceId) => ShardOf(workspaceId) is >= 0 and var shard && shard < Count;

    /// <summary>The id of a new workspace, in a shard by weighted chance.</summary>
    /// <param name="random"><see cref="BytesOfId"/> random bytes.</param>
    public string NewWorkspaceId(ReadOnlySpan<byte> random) => Ids.OfShard(Choose(BinaryPrimitives.ReadUInt32BigEndian(random[10..])), random[..10]);

    private int Choose(uint chance)
    {
        var rest = (long)(((ulong)chance * (ulong)Weights.Sum()) >> 32);
        for (var shard = 0; ; shard++)
        {
            rest -= Weights[shard];
            if (rest < 0)
            {
                return shard;
            }
        }
    }
}
