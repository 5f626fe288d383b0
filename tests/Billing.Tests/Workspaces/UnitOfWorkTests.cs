using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Workspaces;

public sealed class UnitOfWorkTests
{
    private static readonly OwnTemplate Row = new() { Id = "acme", Attributes = ImmutableSortedDictionary<string, Scalar>.Empty, UpdatedAt = At("2025-11-01T00:00:00Z") };

    [Fact]
    public void What_was_stored_and_is_removed_is_to_be_deleted()
    {
        var unit = Of(stored: true);
        unit.Remove(Row.RowKey);
        Assert.False(unit.TryFind<OwnTemplate>(Row.RowKey, out _));
        Assert.Equal([KeyValuePair.Create<string, Record?>(Row.RowKey, null)], unit.Written);
    }

    [Fact]
    public void What_was_not_stored_and_is_removed_again_was_never_there()
    {
        var unit = Of(stored: false);
        unit.Put(Row);
        Assert.True(unit.TryFind<OwnTemplate>(Row.RowKey, out _));
        unit.Remove(Row.RowKey);
        Assert.False(unit.TryFind<OwnTemplate>(Row.RowKey, out _));
        Assert.Empty(unit.Written);
    }

    private static UnitOfWork Of(bool stored) =>
        new(LiveWorkspace.Of("bluma").Account, At("2025-11-01T00:00:00Z"), stored ? new Dictionary<string, Record> { [Row.RowKey] = Row } : null);
}
