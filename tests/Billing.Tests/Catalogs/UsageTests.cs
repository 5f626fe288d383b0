using Billing.Catalogs;

namespace Billing.Tests.Catalogs;

public sealed class UsageTests
{
    [Theory]
    [InlineData("""{}""", "size", "is required")]
    [InlineData("""{"size": null}""", "size", "is required")]
    [InlineData("""{"size": "8K"}""", "size", "must be one of 2K, 4K")]
    [InlineData("""{"size": "\ud800"}""", "size", "must be one of 2K, 4K")]
    [InlineData("""{"size": ["2K"]}""", "size", "must be one of 2K, 4K")]
    [InlineData("""{"size": "2K", "variant_count": 0}""", "variant_count", "must be from 1 to 20")]
    [InlineData("""{"size": "2K", "variant_count": 21}""", "variant_count", "must be from 1 to 20")]
    [InlineData("""{"size": "2K", "variantCount": -1}""", "variantCount", "must be from 1 to 20")]
    [InlineData("""{"size": "2K", "variant_count": 1.5}""", "variant_count", "must be a whole number from 1 to 20")]
    [InlineData("""{"size": "2K", "variant_count": "3"}""", "variant_count", "must be a whole number from 1 to 20")]
    [InlineData("""{"size": "2K", "variant_count": true}""", "variant_count", "must be a whole number from 1 to 20")]
    [InlineData("""{"size": "2K", "variant_count": 1e99}""", "variant_count", "must be a whole number from 1 to 20")]
    [InlineData("""{"size": "2K", "variant_count": 99999999999999999999}""", "variant_count", "must be from 1 to 20")]
    [InlineData("""{"size": "2K", "variant_count": -99999999999999999999}""", "variant_count", "must be from 1 to 20")]
    [InlineData("""{"size": "2K", "variants": 2}""", "variants", "unknown field")]
    [InlineData("""{"size": "2K", "variantcount": 2}""", "variantcount", "unknown field; did you mean 'variant_count'?")]
    [InlineData("""{"size": "2K", "sise": "2K"}""", "sise", "unknown field; did you mean 'size'?")]
    public void A_bad_field_is_refused_by_name(string request, string field, string message)
    {
        var refusal = Request.Bloom.Refuse(request);
        Assert.Equal<string>([message], Assert.Single(refusal.Errors!, error => error.Key == field).Value);
        Assert.Equal($"{field}: {message}", refusal.Detail);
    }

    [Fact]
    public void Every_bad_field_is_named_at_once()
    {
        var refusal = Request.Bluma.Refuse("""{"template_id": "nope", "resolutoin": "4K", "duration": 0, "complexity": "low"}""");
        Assert.Equal<string>(["complexity", "duration", "resolutoin", "template_id"], refusal.Errors!.Keys);
        Assert.Equal<string>(["there is no such template"], refusal.Errors!["template_id"]);
        Assert.Equal<string>(["must be one of basic, advanced, ai"], refusal.Errors!["complexity"]);
        Assert.Equal<string>(["unknown field; did you mean 'resolution'?"], refusal.Errors!["resolutoin"]);
    }

    [Fact]
    public void A_field_that_is_given_twice_is_named_by_both_names()
    {
        var errors = Request.Bloom.Refuse("""{"size": "2K", "variant_count": 2, "variantCount": 2}""").Errors!;
        Assert.Equal<string>(["variantCount", "variant_count"], errors.Keys);
        Assert.All(errors.Values, messages => Assert.Equal<string>(["is given twice, as variant_count and variantCount"], messages));
    }

    [Fact]
    public void A_refusal_stays_small_whatever_was_sent()
    {
        var request = $"{{{string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"{new string('x', 200)}{i}\": 1"))}}}";
        var refusal = Request.Bloom.Refuse(request);
        Assert.InRange(refusal.Detail.Length, 1, 4000);
    }

    [Fact]
    public void A_whole_number_may_be_written_with_a_point() =>
        Assert.Equal(Request.Bloom.Parse("""{"size": "2K", "variant_count": 3}"""), Request.Bloom.Parse("""{"size": "2K", "variantCount": 3.0}"""));

    [Fact]
    public void Null_is_the_same_as_nothing() =>
        Assert.Equal(Request.Bluma.Parse("""{"template_id": "news-anchor"}"""), Request.Bluma.Parse("""{"template_id": "news-anchor", "duration": null}"""));

    [Fact]
    public void Equal_parameters_are_equal_usages()
    {
        var left = Request.Bluma.Parse("""{"template_id": "news-anchor", "duration": 60}""");
        var right = Request.Bluma.Parse("""{"duration": 60, "template_id": "news-anchor"}""");
        Assert.Equal(left, right);
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
        Assert.NotEqual(left, Request.Bluma.Parse("""{"template_id": "news-anchor", "duration": 61}"""));
        Assert.False(left.Equals(null));
    }

    [Fact]
    public void A_sellers_text_field_is_kept_and_bounded()
    {
        var catalog = Catalog.Parse(Request.File("bloom", file => file["pricing"]!["fields"]!.AsArray().Add(
            System.Text.Json.Nodes.JsonNode.Parse("""{"name": "prompt", "type": "text", "max_length": 5}"""))));
        Assert.Equal(Scalar.Of("hello"), catalog.Parse("""{"size": "2K", "prompt": "hello"}""").Values["prompt"]);
        Assert.False(catalog.Parse("""{"size": "2K"}""").Values.ContainsKey("prompt"));
        Assert.Equal<string>(["must be text of 1 to 5 characters, none of them control characters other than line breaks and tabs"], catalog.Refuse("""{"size": "2K", "prompt": "hello!"}""").Errors!["prompt"]);
        Assert.Equal<string>(["must be text of 1 to 5 characters, none of them control characters other than line breaks and tabs"], catalog.Refuse("""{"size": "2K", "prompt": "a\u0000b"}""").Errors!["prompt"]);
        Assert.Equal("text", catalog.View().Pricing.Fields[2].Type);
    }
}
