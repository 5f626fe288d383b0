using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Billing.Writing;

namespace Billing.Jobs;

/// <summary>A message that names workspaces of one bucket of the due index: <c>renewals|2025-11-01T10;ws_…,ws_…</c>.</summary>
/// <param name="Link">The bucket.</param>
/// <param name="WorkspaceIds">At most <see cref="Most"/>.</param>
internal sealed record DueMessage(DueLink Link, ImmutableArray<string> WorkspaceIds)
{
    /// <summary>Workspaces in one message: enough that its own round trips weigh little, few enough to be done within its visibility.</summary>
    public const int Most = 32;

    public string ToText() => $"{Link.Partition.Key};{string.Join(',', WorkspaceIds)}";

    public static bool TryParse(string text, string job, [NotNullWhen(true)] out DueMessage? message)
    {
        message = null;
        var parts = text.Split(';');
        if (parts.Length != 2 || !DueLink.TryParse(parts[0], out var link) || link.Job != job)
        {
            return false;
        }

        var ids = parts[1].Split(',');
        message = ids.Length <= Most && ids.All(id => Ids.IsWellFormed("ws", id)) ? new DueMessage(link, [.. ids]) : null;
        return message is not null;
    }
}
