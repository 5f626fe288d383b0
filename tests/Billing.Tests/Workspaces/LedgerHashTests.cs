using System.Collections.Immutable;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Workspaces;

public sealed class LedgerHashTests
{
    private static readonly WrittenText Written = new() { Salt = "c2FsdHNhbHRzYWx0", Description = "Banner", Metadata = ImmutableSortedDictionary<string, string>.Empty.Add("campaign", "spring") };

    private static readonly LedgerEntry Full = new()
    {
        Sequence = 7,
        Type = EntryType.Deduction,
        Amount = Amount(-6.5m),
        BalanceAfter = Amount(93.5m),
        Text = "Video generation: gen_1",
        Metadata = ImmutableSortedDictionary<string, Scalar>.Empty
            .Add("duration", Scalar.Of(30)).Add("resolution", Scalar.Of("1080p")).Add("watermark", Scalar.Of(true)),
        CreatedAt = At("2025-11-03T10:30:00.123Z"),
        Draws = [new Draw(1, GrantKind.Plan, At("2025-12-01T00:00:00Z"), Amount(5), new Basis(29, 1000, "USD")), new Draw(2, GrantKind.TopUp, null, Amount(1.5m))],
        PriceVersion = "prices-1",
        AdmissionKey = "0001g5wz0abcd",
        Requester = new Requester("key_1", "acct_1"),
        Written = Written,
        Previous = "ab12",
    };

    /// <summary>Worked out apart from the code: a ledger that was ever written keeps its chain.</summary>
    [Fact]
    public void An_entry_has_the_hash_that_it_always_had()
    {
        Assert.Equal("CXS42YKbN2qrInBdtN7M9g", Full.Hash());
        Assert.Equal("O5yLSklIdgPzOlAGrzB6ww", (Full with { Metadata = null, Draws = null, PriceVersion = null, AdmissionKey = null, Requester = null, Written = null }).Hash());
    }

    [Fact]
    public void No_field_can_be_edited_without_another_hash()
    {
        var (metadata, draw) = (Full.Metadata!, Full.Draws!.Value[0]);
        LedgerEntry Drawn(Draw other) => Full with { Draws = Full.Draws!.Value.SetItem(0, other) };
        LedgerEntry[] edited =
        [
            Full with { Sequence = 8 },
            Full with { Type = EntryType.Adjustment },
            Full with { Amount = Amount(-6.501m) },
            Full with { BalanceAfter = Amount(93.501m) },
            Full with { Text = "Video generation: gen_2" },
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
            Drawn(draw with { Basis = new Basis(30, 1000, "USD") }),
            Drawn(draw with { Basis = null }),
            Full with { AdmissionKey = null },
            Full with { Requester = new Requester("key_2", "acct_1") },
            Full with { Requester = new Requester("key_1", "acct_2") },
            Full with { Requester = new Requester(null, "key_1") },
            Full with { Written = null },
            Full with { Written = Written with { Salt = "b3RoZXJvdGhlcm90" } },
            Full with { Written = Written with { Description = "Poster" } },
            Full with { Written = Written with { Metadata = null } },
            Full with { Text = "7", Previous = Full.Text },
        ];
        Assert.Distinct(edited.Append(Full).Select(entry => entry.Hash()));
    }

    [Fact]
    public void What_a_person_wrote_can_be_erased_and_the_hash_stays()
    {
        var erased = Full with { Written = Written.Erase() };
        Assert.Equal(Full.Hash(), erased.Hash());
        Assert.Equal((Full.Text, null, null), (erased.Description, erased.Written!.Metadata, erased.Written.Salt));
        Assert.Equal(Full.Metadata!.Add("generation_id", Scalar.Of("gen_1")), erased.ShownMetadata);
        Assert.Equal(erased.Written, erased.Written.Erase());
    }

    [Fact]
    public void The_salts_of_a_commit_are_each_its_own()
    {
        var salts = new[] { Written.Salted("secret", 1), Written.Salted("secret", 2), Written.Salted("other", 1) }.Select(one => one.Salt).ToList();
        Assert.Distinct(salts);
        Assert.All(salts, salt => Assert.Equal(16, salt!.Length));
    }
}
