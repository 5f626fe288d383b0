using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Api.OpenApi;
using Billing.Catalogs;
using Billing.Testing;

namespace Billing.Api.Tests.OpenApi;

/// <summary>openapi.json in the repository is the document of the shipped catalogs. BILLING_WRITE_DOCS=1 writes what they say into it; lines about anything else stay as they are.</summary>
public sealed class DeploymentFileTests
{
    private const int LongestLine = 160;
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string File = Path.Combine(Repository.Root, "src", "Billing.Api", "OpenApi", "openapi.json");

    [Fact]
    public async Task The_document_in_the_repository_is_that_of_the_shipped_catalogs()
    {
        var text = await System.IO.File.ReadAllTextAsync(File);
        var made = JsonNode.Parse(DeploymentDocument.Of(text, CatalogSet.Shipped.All))!;
        if (Environment.GetEnvironmentVariable("BILLING_WRITE_DOCS") is not null)
        {
            text = Mended(text, made);
            await System.IO.File.WriteAllTextAsync(File, text);
        }

        Assert.True(JsonNode.DeepEquals(made, JsonNode.Parse(text)), "The catalogs have changed: BILLING_WRITE_DOCS=1 dotnet test tests/Billing.Api.Tests --filter DeploymentFile writes openapi.json anew.");
    }

    [Fact]
    public void The_document_is_embedded_as_it_stands_in_the_repository() =>
        Assert.Equal(System.IO.File.ReadAllText(File).ReplaceLineEndings(), GetOpenApi.Frame.Value.ReplaceLineEndings());

    [Fact]
    public void What_is_written_anew_leaves_all_other_lines_alone()
    {
        var made = JsonNode.Parse("""{"a": {"x": [1, 2], "new": {"y": 1}}, "b": [3]}""")!;
        var mended = Mended("{\n  \"a\": { \"x\": [1,\n 2], \"old\": 5 },\n  \"b\": [ 3]\n}\n", made);
        Assert.Contains("\"x\": [1,\n 2]", mended, StringComparison.Ordinal);
        Assert.Contains("\n  \"b\": [ 3]\n", mended, StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(made, JsonNode.Parse(mended)));
    }

    private static string Mended(string text, JsonNode made)
    {
        using var old = JsonDocument.Parse(text);
        return Mended(old.RootElement, made, "") + "\n";
    }

    /// <summary>A value as the text had it where it is the same, and else on one line where it fits.</summary>
    private static string Mended(JsonElement? old, JsonNode? made, string indent)
    {
        if (old is { } same && JsonNode.DeepEquals(JsonNode.Parse(same.GetRawText()), made))
        {
            return same.GetRawText();
        }

        var line = OnOneLine(made);
        var wasLong = old is { } before && before.GetRawText().Contains('\n', StringComparison.Ordinal);
        if (made is not (JsonObject or JsonArray) || (!wasLong && line.Length + indent.Length < LongestLine))
        {
            return line;
        }

        var inner = indent + "  ";
        return made is JsonObject members
            ? $"{{\n{string.Join(",\n", members.Select(member => $"{inner}{Text(member.Key)}: {Mended(Member(old, member.Key), member.Value, inner)}"))}\n{indent}}}"
            : $"[\n{string.Join(",\n", made.AsArray().Select(item => inner + Mended(null, item, inner)))}\n{indent}]";
    }

    private static JsonElement? Member(JsonElement? old, string name) =>
        old is { ValueKind: JsonValueKind.Object } members && members.TryGetProperty(name, out var value) ? value : null;

    private static string OnOneLine(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject { Count: 0 } => "{}",
        JsonObject members => $"{{ {string.Join(", ", members.Select(member => $"{Text(member.Key)}: {OnOneLine(member.Value)}"))} }}",
        JsonArray items => $"[{string.Join(", ", items.Select(OnOneLine))}]",
        _ => node.ToJsonString(Plain),
    };

    private static string Text(string text) => JsonSerializer.Serialize(text, Plain);
}
