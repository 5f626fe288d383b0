using System.Collections.Immutable;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Workspaces;

public sealed class LedgerHashTests
{
    private static readonly LedgerEntry Full = new()
    {
        Sequence = 7,
        Id = "txn_0123456789abcdef000000007",
        Type = EntryType.Deduction,
        Amount = Amount(-6.5m),
        BalanceAfter = Amount(93.5m),
        Description = "Video generation: gen_1",
        Metadata = ImmutableSortedDictionary<string, Scalar>.Empty
            .Add("duration", Scalar.Of(30)).Add("resolution", Scalar.Of("1080p")).Add("watermark", Scalar.Of(true)),
        CreatedAt = At("2025-11-03T10:30:00.123Z"),
        Draws = [new Draw(1, GrantKind.Plan, At("2025-12-01T00:00:00Z"), Amount(5)), new Draw(2, GrantKind.TopUp, null, Amount(1.5m))],
        PriceVersion = "prices-1",
        Previous = "ab12",
    };

    /// <summary>Worked out apart from the code: a ledger that was ever written keeps its chain.</summary>
    [Fact]
    public void An_entry_has_the_hash_that_it_always_had()
    {
        Assert.Equal("8f8ede4ccf078c981f40b775b10bc583", Full.Hash());
        Assert.Equal("cdabad9869ce8318c5cfb38bac47b3d5", (Full with { Metadata = null, Draws = null, PriceVersion = null }).Hash());
    }

    [Fact]
    public void No_field_can_be_edited_without_another_hash()
    {
        var (metadata, draw) = (Full.Metadata!, Full.Draws!.Value[0]);
        LedgerEntry Drawn(Draw other) => Full with { Draws = Full.Draws!.Value.SetItem(0, other) };
        LedgerEntry[] edited =
        [
            Full with { Sequence = 8 },
            Full with { Id = "txn_0123456789abcdef000000008" },
            Full with { Type = EntryType.Adjustment },
            Full with { Amount = Amount(-6.501m) },
            Full with { BalanceAfter = Amount(93.501m) },
            Full with { Description = "Video generation: gen_2" },
            Full with { CreatedAt = Full.CreatedAt.AddMilliseconds(1) },
            Full with { PriceVersion = null },
            Full with { PriceVersion = "" },
            Full with { Previous = "ab13" },
            Full with { Metadata = null },
            Full with { Metadata = metadata.Clear() },
            Full with { Metadata = metadata.Remove("duration").Add("length", Scalar.Of(30)) },
            Full with { Metadata = metadata.SetItem("duration", Scalar.Of(31)) },
            Full with { Metadata = metadata.SetItem("duration", Scalar.Of("30")) },
            Full with { Draws = null },
            Full with { Draws = [] },
            Drawn(draw with { GrantId = 3 }),
            Drawn(draw with { Kind = GrantKind.Bonus }),
            Drawn(draw with { ExpiresAt = null }),
            Drawn(draw with { Amount = Amount(4) }),
            Full with { Id = Full.Id[..^1], Description = "7" + Full.Description },
        ];
        Assert.Distinct(edited.Append(Full).Select(entry => entry.Hash()));
    }
}
