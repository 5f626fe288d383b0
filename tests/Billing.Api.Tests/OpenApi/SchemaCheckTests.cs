using System.Text.Json;
using Billing.Testing.OpenApi;

namespace Billing.Api.Tests.OpenApi;

/// <summary>The check that everything else here leans on.</summary>
public sealed class SchemaCheckTests
{
    private static readonly JsonSchemas Schemas = new(reference =>
        reference == "#/small" ? Read("""{"type": "integer", "maximum": 9}""") : throw new KeyNotFoundException(reference));

    [Theory]
    [InlineData("""{"type": "integer"}""", "3.0", "3.5")]
    [InlineData("""{"type": ["string", "null"]}""", "null", "1")]
    [InlineData("""{"type": "object"}""", "{}", "[]")]
    [InlineData("""{"const": false}""", "false", "true")]
    [InlineData("""{"enum": ["a", 1]}""", "1", "2")]
    [InlineData("""{"multipleOf": 0.001}""", "0.3", "0.0001")]
    [InlineData("""{"multipleOf": 0.001}""", "922337203685477.807", "1.2345")]
    [InlineData("""{"minimum": 1, "maximum": 2}""", "2", "3")]
    [InlineData("""{"exclusiveMinimum": 0}""", "0.001", "0")]
    [InlineData("""{"minLength": 1, "maxLength": 2}""", "\"😀😀\"", "\"\"")]
    [InlineData("""{"pattern": "^a+$"}""", "\"aa\"", "\"ab\"")]
    [InlineData("""{"format": "date-time"}""", "\"2025-11-03T10:30:00.5Z\"", "\"2025-11-03T10:30:00+00:00\"")]
    [InlineData("""{"format": "uri"}""", "\"https://example.com\"", "\"example\"")]
    [InlineData("""{"required": ["a"]}""", """{"a": null}""", """{"b": 1}""")]
    [InlineData("""{"properties": {"a": {"type": "string"}}}""", """{"b": 1}""", """{"a": 1}""")]
    [InlineData("""{"properties": {"a": {}}, "additionalProperties": false}""", """{"a": 1}""", """{"a": 1, "b": 1}""")]
    [InlineData("""{"properties": {"a": {}}, "additionalProperties": {"type": "string"}}""", """{"a": 1, "b": ""}""", """{"b": 1}""")]
    [InlineData("""{"propertyNames": {"maxLength": 1}}""", """{"a": 1}""", """{"ab": 1}""")]
    [InlineData("""{"minProperties": 1}""", """{"a": 1}""", "{}")]
    [InlineData("""{"maxProperties": 1}""", """{"a": 1}""", """{"a": 1, "b": 1}""")]
    [InlineData("""{"items": {"type": "string"}, "minItems": 1, "maxItems": 2}""", """["a"]""", """["a", 1]""")]
    [InlineData("""{"uniqueItems": true}""", "[1, 2]", "[1, 1.0]")]
    [InlineData("""{"$ref": "#/small", "minimum": 5}""", "7", "10")]
    [InlineData("""{"$ref": "#/small", "minimum": 5}""", "7", "4")]
    [InlineData("""{"allOf": [{"minimum": 1}, {"maximum": 2}]}""", "1", "3")]
    [InlineData("""{"anyOf": [{"type": "string"}, {"minimum": 2}]}""", "2", "1")]
    [InlineData("""{"oneOf": [{"minimum": 1}, {"minimum": 2}]}""", "1", "2")]
    [InlineData("""{"not": {"type": "string"}}""", "1", "\"a\"")]
    public void It_tells_right_from_wrong(string schema, string right, string wrong)
    {
        Assert.Empty(Schemas.Check(Read(schema), Read(right)));
        Assert.Single(Schemas.Check(Read(schema), Read(wrong)));
    }

    [Theory]
    [InlineData("""{"unevaluatedItems": false}""")]
    [InlineData("""{"typ": "string"}""")]
    [InlineData("""{"format": "dat-time"}""")]
    public void What_it_does_not_understand_it_reports(string schema) => Assert.NotEmpty(Schemas.Check(Read(schema), Read("\"\"")));

    [Theory]
    [InlineData("""{"properties": {"a": {}}}""", "$.b")]
    [InlineData("""{"properties": {"a": {"properties": {}}}}""", "$.a.c")]
    [InlineData("""{"allOf": [{"properties": {"a": {"properties": {"c": {}}}}}]}""", "$.b")]
    [InlineData("""{"oneOf": [{"required": ["x"], "properties": {"b": {}}}, {"properties": {"a": true}}]}""", "$.b")]
    public void A_closed_check_reports_fields_that_no_schema_names(string schema, string field)
    {
        var value = Read("""{"a": {"c": 1}, "b": 1}""");
        Assert.Empty(Schemas.Check(Read(schema), value));
        Assert.Contains($"{field} is not documented", Schemas.Check(Read(schema), value, closed: true));
    }

    [Theory]
    [InlineData("""{"additionalProperties": true}""")]
    [InlineData("""{"properties": {"a": {}, "b": true}}""")]
    [InlineData("""{"allOf": [{"properties": {"a": {"additionalProperties": true}}}, {"properties": {"b": {}}}]}""")]
    [InlineData("""{"oneOf": [{"required": ["x"]}, {"properties": {"a": {"additionalProperties": {}}, "b": {}}}]}""")]
    public void It_is_content_when_schemas_name_them_together_or_allow_any(string schema) =>
        Assert.Empty(Schemas.Check(Read(schema), Read("""{"a": {"c": 1}, "b": 1}"""), closed: true));

    private static JsonElement Read(string json) => JsonDocument.Parse(json).RootElement;
}
