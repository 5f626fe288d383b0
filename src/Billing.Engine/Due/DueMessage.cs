using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Billing.Webhooks;

namespace Billing.Engine.Due;

/// <summary>A message that names workspaces of one bucket of the due index, all of one shard: <c>renewals|2025-11-01T10;ws_…,ws_…</c>.</summary>
internal sealed record DueMessage(DueIndexEntry Entry, ImmutableArray<string> WorkspaceIds)
{
    /// <summary>Workspaces in one message: enough that its own round trips weigh little, few enough to be done within its visibility.</summary>
    public const int Most = 32;

    public static readonly Consumption NotOne = Consumption.Parked("it does not name workspaces of the due index");

    public string ToText() => $"{Entry.Partition.Key};{string.Join(',', WorkspaceIds)}";

    public static bool TryParse(string text, string job, [NotNullWhen(true)] out DueMessage? message)
    {
        message = null;
        var parts = text.Split(';');
        var ids = parts[^1].Split(',');
        if (parts.Length != 2 || !DueIndexEntry.TryParse(parts[0], ShardMap.ShardOf(ids[0]), out var entry) || entry.Job != job)
        {
            return false;
        }

        message = ids.Length <= Most && ids.All(id => Ids.IsWellFormed("ws", id) || SellerFeed.IsLane(id)) ? new DueMessage(entry, [.. ids]) : null;
        return message is not null;
    }
}
