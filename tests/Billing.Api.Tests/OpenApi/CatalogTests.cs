using System.Text.Json;
using Billing.Api.Http;
using Billing.Api.Plans;
using Billing.Catalogs;
using Billing.Reading;

namespace Billing.Api.Tests.OpenApi;

/// <summary>The shipped catalogs and the document say the same about what can be asked for and what it costs.</summary>
public sealed class CatalogTests
{
    private static readonly string[] Common = ["workspace_id", "workspaceId", "quote", "description", "metadata"];

    public static TheoryData<string, string> Products => new() { { "bloom", "BloomGeneration" }, { "bluma", "BlumaGeneration" }, { "gleam", "GleamGeneration" } };

    [Fact]
    public void Every_shipped_catalog_is_documented() => Assert.Equal(
        CatalogSet.Shipped.All.Select(catalog => catalog.Product).Order(), Products.Select(product => (string)product[0]).Order());

    [Fact]
    public void What_plans_answers_is_as_documented()
    {
        var all = new CatalogsView([.. CatalogSet.Shipped.All.Select(catalog => catalog.View())]);
        Assert.Empty(Documents.Current.Schemas.Check(Documents.Schema("Catalogs"), JsonSerializer.SerializeToElement(all, ApiJson.Options), closed: true));
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void The_fields_of_a_generation_are_those_of_its_catalog(string product, string schema)
    {
        var fields = CatalogSet.Shipped[product].View().Pricing.Fields;
        var documented = Documents.Schema(schema).GetProperty("properties");
        var required = Documents.Required(Documents.Schema(schema));
        Assert.Empty(fields.Select(field => field.Name).Except(documented.EnumerateObject().Select(field => field.Name)));
        Assert.Equal(fields.Where(field => field.Required).Select(field => field.Name), required);
        Assert.All(fields, field => AreTheSame(field, documented.GetProperty(field.Name)));
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void What_else_a_generation_has_is_common_to_all_or_another_spelling(string product, string schema)
    {
        var fields = CatalogSet.Shipped[product].View().Pricing.Fields.Select(field => field.Name);
        var documented = Documents.Schema(schema).GetProperty("properties").EnumerateObject().Select(field => field.Name).ToList();
        Assert.Empty(documented.Except(fields).Except(Common).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName).Except(fields));
        Assert.Empty(Common.Except(documented));
    }

    [Theory]
    [InlineData("bloom", 6)]
    [InlineData("bluma", 6)]
    [InlineData("gleam", 1)]
    public void The_example_of_each_product_costs_what_its_catalog_says(string product, decimal cost)
    {
        var admit = Documents.Current.FindOperation("POST", "/api/v1/generations")!.Element;
        var example = Documents.Json(admit.GetProperty("requestBody")).GetProperty("examples").GetProperty(product).GetProperty("value");
        var catalog = CatalogSet.Shipped[product];
        Assert.True(catalog.ParseUsage(ObjectReader.Root(example)).TryGet(out var usage, out var refusal), refusal?.Detail);
        Assert.Equal(cost, catalog.Price(usage).Cost.ToDecimal());
    }

    private static void AreTheSame(FieldView field, JsonElement documented)
    {
        // What has a code of its own when it is too large, or not among the choices, must be asked for to be refused with it.
        var refused = documented.GetProperty("description").GetString()!.Contains("is refused with", StringComparison.Ordinal);
        Assert.Equal(refused ? null : field.Choices, documented.TryGetProperty("enum", out var words) ? [.. Documents.Words(documented)] : null);
        Assert.Equal(refused || field.Type == "text" ? null : field.Max, Number(documented, "maximum"));
        Assert.Equal(field.Min, Number(documented, "minimum"));
        Assert.Equal(field.Default is { } otherwise ? otherwise.ToString() : null, documented.TryGetProperty("default", out var value) ? value.ToString() : null);
    }

    private static long? Number(JsonElement schema, string keyword) => schema.TryGetProperty(keyword, out var number) ? number.GetInt64() : null;
}
