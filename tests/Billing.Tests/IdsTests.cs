namespace Billing.Tests;

public sealed class IdsTests
{
    private const string Workspace = "ws_0123456789abcdef";
    private static readonly DateTimeOffset Now = new(2025, 11, 1, 0, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void Ten_random_bytes_make_sixteen_characters_all_their_own()
    {
        var random = new Random(1);
        var made = new HashSet<string>();
        for (var round = 0; round < 10_000; round++)
        {
            var bytes = new byte[10];
            random.NextBytes(bytes);
            var id = Ids.Random("ws", bytes);
            Assert.Matches("^ws_[0-9a-hjkmnp-tv-z]{16}$", id);
            Assert.True(Ids.IsWellFormed("ws", id));
            Assert.True(made.Add(id));
        }
    }

    [Theory]
    [InlineData(new byte[0], "")]
    [InlineData(new byte[] { 0 }, "0")]
    [InlineData(new byte[] { 255 }, "z")]
    [InlineData(new byte[] { 0xF8, 0x3E, 0x0F, 0x83, 0xE0 }, "z0z0z0z0")]
    [InlineData(new byte[] { 255, 255, 255, 255, 255 }, "zzzzzzzz")]
    [InlineData(new byte[] { 1, 2, 3, 4, 5 }, "04106105")]
    public void Five_bytes_are_eight_characters(byte[] bytes, string text) => Assert.Equal(text, Ids.Text(bytes));

    [Fact]
    public void Time_ordered_keys_sort_by_time_and_tell_it()
    {
        var random = new Random(1);
        var bytes = new byte[5];
        var former = "";
        var at = DateTimeOffset.UnixEpoch;
        for (var round = 0; round < 10_000; round++)
        {
            random.NextBytes(bytes);
            var key = Ids.TimeOrdered(at, bytes);
            Assert.True(string.CompareOrdinal(former, key) < 0);
            Assert.True(string.CompareOrdinal(Ids.TimePart(at), key) <= 0);
            Assert.Equal(at, Ids.TimeOf(key));
            former = key;
            at = at.AddMilliseconds(random.NextInt64(1, 1_000_000_000));
        }
    }

    [Fact]
    public void A_thing_of_a_workspace_carries_it_and_its_key()
    {
        var id = Ids.Of("gen", Workspace, Ids.TimeOrdered(Now, [1, 2, 3, 4, 5]) + "-7");
        Assert.True(Ids.TryParse("gen", id, out var workspaceId, out var key));
        Assert.Equal(Workspace, workspaceId);
        Assert.Equal(Now, Ids.TimeOf(key));
        Assert.EndsWith("-7", key, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(1_000_000_007)]
    public void A_numbered_thing_tells_its_number(long number)
    {
        Assert.True(Ids.TryParse("txn", Ids.Of("txn", Workspace, number), out _, out var key));
        Assert.Equal(number, Ids.NumberOf(key));
    }

    [Theory]
    [InlineData("00000000")]
    [InlineData("0000000000")]
    [InlineData("0000-0000")]
    [InlineData("")]
    public void A_key_of_another_form_has_no_number(string key) => Assert.Null(Ids.NumberOf(key));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("gen_")]
    [InlineData("gen_0123456789abcdef")]
    [InlineData("gen-0123456789abcdef0")]
    [InlineData("txn_0123456789abcdef0")]
    [InlineData("GEN_0123456789abcdef0")]
    [InlineData("gen_0123456789ABCDEF0")]
    [InlineData("gen_0123456789abcdef/")]
    [InlineData("gen_0123456789abcdef'")]
    [InlineData("gen_0123456789abcdef\u0000")]
    [InlineData("gen_0123456789abcdefu")]
    [InlineData("gen_0123456789abcdef0000000000000000000000000000000000000000000000000000000000000000")]
    public void What_is_no_id_is_never_looked_up(string? id)
    {
        Assert.False(Ids.TryParse("gen", id, out var workspaceId, out var key));
        Assert.Equal(("", ""), (workspaceId, key));
    }

    [Theory]
    [InlineData(80, true)]
    [InlineData(81, false)]
    public void An_id_has_eighty_characters_at_most(int length, bool parsed) =>
        Assert.Equal(parsed, Ids.TryParse("gen", "gen_".PadRight(length, '0'), out _, out _));

    [Theory]
    [InlineData(null)]
    [InlineData("ws_0123456789abcde")]
    [InlineData("ws_0123456789abcdef0")]
    [InlineData("ws-0123456789abcdef")]
    [InlineData("ab_0123456789abcdef")]
    [InlineData("ws_0123456789abcdE!")]
    public void What_is_no_workspace_id_is_never_looked_up(string? id) => Assert.False(Ids.IsWellFormed("ws", id));
}
