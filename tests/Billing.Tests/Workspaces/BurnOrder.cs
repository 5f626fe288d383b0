using Billing.Workspaces;

namespace Billing.Tests.Workspaces;

/// <summary>The order in which grants burn down, as the tests' models have it.</summary>
internal static class BurnOrder
{
    public static (DateTimeOffset EndsAt, GrantKind Kind, long Born) PlaceOf(DateTimeOffset? endsAt, GrantKind kind, long born) => (endsAt ?? DateTimeOffset.MaxValue, kind, born);
}
