using System.Text.Json;
using Billing.Reading;

namespace Billing.Tests.Reading;

/// <summary>The one reader of requests and catalogs.</summary>
public sealed class ObjectReaderTests
{
    [Theory]
    [InlineData("Ada")]
    [InlineData("Ada Lovelace")]
    [InlineData("Ünïcode ✓ 日本語")]
    [InlineData("\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600")]
    public void A_line_is_read(string text) => Assert.Equal(text, Value(text).Text("a", 16));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\u00a0\u3000")]
    [InlineData("12345678901234567")]
    [InlineData("two\nlines")]
    [InlineData("a\tb")]
    [InlineData("a\u0000b")]
    [InlineData("a\u007fb")]
    [InlineData("a\u200bb")]
    [InlineData("a\u202eb")]
    [InlineData("\ufeffa")]
    [InlineData("a\u2028b")]
    [InlineData("a\u2029b")]
    [InlineData("a\ue000b")]
    [InlineData("a\uffffb")]
    [InlineData("a\U000E0001b")]
    [InlineData(7)]
    [InlineData(true)]
    public void What_is_no_line_is_refused(object value) => IsRefused("a", Value(value), reader => reader.Text("a", 16));

    [Theory]
    [InlineData("one line")]
    [InlineData("two\nlines")]
    [InlineData("two\r\nlines")]
    [InlineData("\tindented\n\n")]
    [InlineData("family \U0001F468\u200d\U0001F469")]
    public void Prose_may_have_lines_and_tabs(string text) => Assert.Equal(text, Value(text).Prose("a", 16));

    [Theory]
    [InlineData("")]
    [InlineData("12345678901234567")]
    [InlineData("a\rb")]
    [InlineData("a\u0000")]
    [InlineData("a\u001b[0m")]
    [InlineData("a\u0085b")]
    [InlineData(7)]
    public void Prose_has_no_other_control_characters(object value) => IsRefused("a", Value(value), reader => reader.Prose("a", 16));

    [Theory]
    [InlineData("""{"a": "\ud800"}""", "a")]
    [InlineData("""{"a": "x\udc00y"}""", "a")]
    [InlineData("""{"\ud800": 1}""", "body")]
    public void A_lone_surrogate_is_no_text(string json, string field)
    {
        IsRefused(field, Of(json), reader => reader.Text("a", 16, required: false));
        IsRefused(field, Of(json), reader => reader.Prose("a", 16, required: false));
        IsRefused(field, Of(json), reader => reader.Instant("a", required: false));
        IsRefused(field, Of(json), reader => reader.OneOf("a", ["b"], required: false));
    }

    [Theory]
    [InlineData("""{"m": {"k": "\ud800"}}""", "m.k")]
    [InlineData("""{"m": {"\ud800": "v"}}""", "m")]
    [InlineData("""{"m": {"k": 1}}""", "m.k")]
    [InlineData("""{"m": {"k": "a\u0000"}}""", "m.k")]
    [InlineData("""{"m": {"k\n": "v"}}""", "m.k\n")]
    [InlineData("""{"m": {"": "v"}}""", "m.")]
    [InlineData("""{"m": {"k": "v", "k": "v"}}""", "m.k")]
    [InlineData("""{"m": ["v"]}""", "m")]
    public void Texts_are_named_by_their_path(string json, string field) => IsRefused(field, Of(json), reader => reader.Texts("m", 4, 4));

    [Fact]
    public void Mistakes_stand_in_the_order_in_which_people_count()
    {
        var reader = Of($$"""{"items": [{{string.Join(',', Enumerable.Repeat("""{"x": 1, "b": 2}""", 11))}}]}""");
        foreach (var item in reader.Objects("items", 20))
        {
            item.RejectUnknown();
        }

        Assert.Equal(Enumerable.Range(0, 11).SelectMany(index => new[] { $"items[{index}].b", $"items[{index}].x" }), reader.Refusal()!.Errors!.Keys);
    }

    [Fact]
    public void Texts_may_be_empty_or_have_lines() =>
        Assert.Equal(["", "a\nb"], Of("""{"m": {"a": "", "b": "a\nb"}}""").Texts("m", 4, 4)!.Values);

    [Theory]
    [InlineData("""{"e": ["\ud800"]}""")]
    [InlineData("""{"e": ["one", 7]}""")]
    [InlineData("""{"e": ["one", "three"]}""")]
    [InlineData("""{"e": ["three"]}""")]
    [InlineData("""{"e": []}""")]
    [InlineData("""{"e": ["one", "two", "one"]}""")]
    [InlineData("""{}""")]
    public void Words_that_are_not_among_the_known_are_refused(string json) => IsRefused("e", Of(json), reader => reader.SomeOf("e", ["one", "two"]));

    [Theory]
    [InlineData("""["\ud800"]""", "w[0]")]
    [InlineData("""["a", "a"]""", "w[1]")]
    [InlineData("""["a", " "]""", "w[1]")]
    public void A_word_is_named_by_its_place(string words, string field) => IsRefused(field, Of($$"""{"w": {{words}}}"""), reader => reader.Words("w", 5));

    [Theory]
    [InlineData("1", 1_000)]
    [InlineData("0.001", 1)]
    [InlineData("1.500", 1_500)]
    [InlineData("1e3", 1_000_000)]
    [InlineData("1.5E-1", 150)]
    [InlineData("1.00000000000000000000000000000000000000000", 1_000)]
    [InlineData("1000000000", 1_000_000_000_000)]
    public void Credits_are_read_exactly(string number, long thousandths) =>
        Assert.Equal(thousandths, Of($$"""{"a": {{number}}}""").Credits("a")!.Value.Thousandths);

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.0001")]
    [InlineData("1.00000000000000000000000000001")]
    [InlineData("1.00000000000000000000000000000000000000000001")]
    [InlineData("0.99999999999999999999999999999")]
    [InlineData("1e-40")]
    [InlineData("10000000000000000000000000000000000001e-37")]
    [InlineData("1e99999999999")]
    [InlineData("1000000000.001")]
    [InlineData("\"1\"")]
    [InlineData("[1]")]
    public void A_number_is_refused_rather_than_rounded(string number) => IsRefused("a", Of($$"""{"a": {{number}}}"""), reader => reader.Credits("a"));

    [Theory]
    [InlineData("1", 1)]
    [InlineData("3.0", 3)]
    [InlineData("1e1", 10)]
    public void A_whole_number_is_read_as_written(string number, long value) => Assert.Equal(value, Of($$"""{"a": {{number}}}""").Whole("a", 1, 10));

    [Theory]
    [InlineData("0")]
    [InlineData("11")]
    [InlineData("1.5")]
    [InlineData("2.00000000000000000000000000001")]
    [InlineData("1e300")]
    [InlineData("true")]
    public void What_is_no_whole_number_in_bounds_is_refused(string number) => IsRefused("a", Of($$"""{"a": {{number}}}"""), reader => reader.Whole("a", 1, 10));

    [Theory]
    [InlineData("1e-3000000000")]
    [InlineData("1e-29")]
    public void What_is_too_small_for_a_decimal_is_not_taken_for_nothing(string number) => IsRefused("a", Of($$"""{"a": {{number}}}"""), reader => reader.Whole("a", 0, 10));

    [Fact]
    public void What_nobody_asked_for_is_refused()
    {
        var reader = Of("""{"names": "x", "zebra": 1}""");
        reader.Text("name", 10, required: false);
        var errors = reader.Refusal()!.Errors!;
        Assert.Equal<string>(["unknown field; did you mean 'name'?"], errors["names"]);
        Assert.Equal<string>(["unknown field"], errors["zebra"]);
    }

    [Fact]
    public void A_field_may_have_another_spelling_but_not_two()
    {
        Assert.Equal("workspaceId", Of("""{"workspaceId": "x"}""").Spelling("workspace_id", "workspaceId"));
        Assert.Equal("workspaceId", Of("""{"workspace_id": null, "workspaceId": "x"}""").Spelling("workspace_id", "workspaceId"));
        Assert.Equal("workspace_id", Of("{}").Spelling("workspace_id", "workspaceId"));
        IsRefused("workspaceId", Of("""{"workspace_id": "x", "workspaceId": "x"}"""), reader => reader.Spelling("workspace_id", "workspaceId"));
    }

    [Fact]
    public void A_field_given_twice_is_refused() => IsRefused("a", Of("""{"a": "x", "a": "y"}"""), reader => reader.Text("a", 10));

    [Fact]
    public void A_long_name_is_shortened_and_no_character_is_cut_in_half()
    {
        var errors = Of($$"""{"{{new string('w', 100)}}": 1, "{{new string('x', 99)}}😀😀": 1, "{{new string('y', 101)}}": 1}""").Refusal()!.Errors!;
        Assert.Equal<string>([new string('w', 100), new string('x', 99) + "…", new string('y', 100) + "…"], errors.Keys);
    }

    [Fact]
    public void However_much_is_wrong_the_refusal_stays_small()
    {
        var refusal = Of($"{{{string.Join(',', Enumerable.Range(0, 5_000).Select(index => $"\"x{index}\": 1"))}}}").Refusal()!;
        Assert.Equal(Mistakes.Most, refusal.Errors!.Count);
        Assert.Equal(5, refusal.Detail.Split("; ").Length);
    }

    [Theory]
    [InlineData("5.5", 5_500)]
    [InlineData("-0.001", -1)]
    [InlineData("1000000000", 1_000_000_000_000)]
    [InlineData("-1000000000", -1_000_000_000_000)]
    public void Credits_can_be_read_that_are_added_or_taken(string number, long thousandths) =>
        Assert.Equal(thousandths, Of($$"""{"a": {{number}}}""").SignedCredits("a")!.Value.Thousandths);

    [Theory]
    [InlineData("0")]
    [InlineData("1.0001")]
    [InlineData("1000000000.001")]
    [InlineData("-1000000000.001")]
    [InlineData("\"1\"")]
    public void Neither_nothing_nor_what_is_too_much_is_added_or_taken(string number) =>
        IsRefused("a", Of($$"""{"a": {{number}}}"""), reader => Assert.Null(reader.SignedCredits("a")));

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void Twenty_texts_are_as_many_as_there_can_be(int count, bool read)
    {
        var texts = string.Join(',', Enumerable.Range(0, count).Select(number => $"\"{number}\": \"\""));
        var reader = Of($$"""{"m": { {{texts}} } }""");
        Assert.Equal(read ? count : null, reader.Texts("m", 4, 4)?.Count);
        Assert.Equal(read ? null : "m: must be an object of at most 20 texts", reader.Refusal()?.Detail);
    }

    [Fact]
    public void What_is_left_out_is_not_empty()
    {
        Assert.Null(Of("{}").Texts("m", 4, 4));
        Assert.Empty(Of("""{"m": {} }""").Texts("m", 4, 4)!);
        Assert.Null(Of("{}").Instant("a", required: false));
        Assert.Null(Of("{}").Text("a", 4, required: false));
    }

    [Theory]
    [InlineData("\"2025-11-01T02:00:00+02:00\"", "2025-11-01T00:00:00Z")]
    [InlineData("\"yesterday\"", null)]
    [InlineData("7", null)]
    public void An_instant_is_read_or_refused(string json, string? instant)
    {
        var reader = Of($$"""{"a": {{json}}}""");
        Assert.Equal(instant, reader.Instant("a") is { } at ? Instants.Text(at) : null);
        Assert.Equal(instant is null ? $"a: {Instants.MustBe}" : null, reader.Refusal()?.Detail);
    }

    [Fact]
    public void A_word_that_is_there_twice_counts_once() => Assert.Equal(["two"], Of("""{"e": ["two", "two"]}""").SomeOf("e", ["one", "two"]).AsEnumerable());

    [Fact]
    public void What_is_looked_at_is_not_read_yet()
    {
        var reader = Of("""{"a": "x", "b": null, "c": 7}""");
        Assert.Equal(("x", null, null), (reader.Read("a"), reader.Read("c"), reader.Read("d")));
        Assert.Equal((true, true, false), (reader.Contains("a"), reader.Contains("b"), reader.Contains("d")));
        Assert.Equal((7, null), (reader.Peek("c")!.Value.GetInt32(), reader.Peek("d")));
        Assert.True(reader.HasMore);
        Assert.Equal((true, false, true), (reader.Has("a"), reader.Has("b"), reader.Has("c")));
        Assert.False(reader.HasMore);
    }

    [Fact]
    public void What_is_wrong_with_one_item_is_no_mistake_of_the_others()
    {
        var reader = Of("""{"items": [{"a": "x"}, 7, {"a": ""}]}""");
        var items = reader.ObjectsApart("items", "item", 3);
        Assert.Equal("x", items[0].Text("a", 4));
        items[2].Text("a", 4);
        Assert.Equal(
            [null, "item: must be an object", "a: must be one line of 1 to 4 characters, not blank and none of them invisible"],
            items.Select(item => item.Refusal()?.Detail));
        Assert.Null(reader.Refusal());
        IsRefused("items", Of("""{"items": [{}, {}]}"""), two => two.ObjectsApart("items", "item", 1));
    }

    private static ObjectReader Of(string json) => ObjectReader.Root(JsonElement.Parse(json));

    private static ObjectReader Value(object value) => ObjectReader.Root(JsonSerializer.SerializeToElement(new { a = value }));

    private static void IsRefused(string field, ObjectReader reader, Action<ObjectReader> read)
    {
        read(reader);
        Assert.NotEmpty(reader.Refusal()!.Errors![field]);
    }
}
