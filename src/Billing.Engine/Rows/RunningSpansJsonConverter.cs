using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Workspaces;

namespace Billing.Engine.Rows;

/// <summary>Spans of running generations, each as one short text: <c>"41 57 3 2025-11-03T11:30:00Z"</c>, from the first entry to the last, how many run, when the first may expire.</summary>
internal sealed class RunningSpansJsonConverter : JsonConverter<RunningSpans>
{
    public override RunningSpans Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var spans = ImmutableArray.CreateBuilder<RunningSpan>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            spans.Add(Parse(reader.GetString()!));
        }

        return new RunningSpans(spans.ToImmutable());
    }

    public override void Write(Utf8JsonWriter writer, RunningSpans value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var span in value.All)
        {
            writer.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"{span.First} {span.Last} {span.Running} {Instants.Text(span.ExpiresAt)}"));
        }

        writer.WriteEndArray();
    }

    private static RunningSpan Parse(string text) =>
        text.Split(' ') is [var first, var last, var running, var at] && GrantJsonConverter.TryNumber(first, out var from) && GrantJsonConverter.TryNumber(last, out var to)
        && GrantJsonConverter.TryNumber(running, out var count) && Instants.TryParse(at, out var expiresAt)
            ? new RunningSpan(from, to, checked((int)count), expiresAt)
            : throw new JsonException("This is not a span of running generations.");
}
