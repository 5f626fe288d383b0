using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Catalogs;
using Billing.Workspaces;

namespace Billing.Engine.Rows;

/// <summary>What was taken from a grant, in the form in which the account row has grants.</summary>
internal sealed class DrawJsonConverter : JsonConverter<Draw>
{
    private static readonly GrantJsonConverter Grants = new();

    public override Draw Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Grants.Read(ref reader, typeof(Grant), options) is var grant ? new Draw(grant.Id, grant.Kind, grant.ExpiresAt, grant.Left) : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, Draw value, JsonSerializerOptions options) =>
        Grants.Write(writer, new Grant(value.GrantId, value.Kind, value.Amount, value.ExpiresAt), options);
}

/// <summary>A factor of a price as one short text: <c>"resolution 1.5"</c>.</summary>
internal sealed class PriceFactorJsonConverter : JsonConverter<PriceFactor>
{
    public override PriceFactor Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString()!;
        var end = text.LastIndexOf(' ');
        return end >= 0 && decimal.TryParse(text.AsSpan(end + 1), NumberStyles.Number, CultureInfo.InvariantCulture, out var value)
            ? new PriceFactor(text[..end], value)
            : throw new JsonException("This is not a factor of a price.");
    }

    public override void Write(Utf8JsonWriter writer, PriceFactor value, JsonSerializerOptions options) =>
        writer.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"{value.Factor} {value.Value}"));
}

/// <summary>A span of running generations as one short text: <c>"41 57 3 2025-11-03T11:30:00Z"</c>, from the first entry to the last, how many run, when the first may expire.</summary>
internal sealed class RunningSpanJsonConverter : JsonConverter<RunningSpan>
{
    public override RunningSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString()!.Split(' ') is [var first, var last, var running, var at] && TryNumber(first, out var from) && TryNumber(last, out var to)
        && TryNumber(running, out var count) && Instants.TryParse(at, out var expiresAt)
            ? new RunningSpan(from, to, checked((int)count), expiresAt)
            : throw new JsonException("This is not a span of running generations.");

    public override void Write(Utf8JsonWriter writer, RunningSpan value, JsonSerializerOptions options) =>
        writer.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"{value.First} {value.Last} {value.Running} {Instants.Text(value.ExpiresAt)}"));

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>All of them.</summary>
internal sealed class RunningSpansJsonConverter : JsonConverter<RunningSpans>
{
    private static readonly RunningSpanJsonConverter One = new();

    public override RunningSpans Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var spans = ImmutableArray.CreateBuilder<RunningSpan>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            spans.Add(One.Read(ref reader, typeof(RunningSpan), options));
        }

        return new RunningSpans(spans.ToImmutable());
    }

    public override void Write(Utf8JsonWriter writer, RunningSpans value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var span in value.All)
        {
            One.Write(writer, span, options);
        }

        writer.WriteEndArray();
    }
}

/// <summary>
/// A grant as one short text, because the account row holds many and has to stay small: id, kind, thousandths left and, unless it never ends, when it
/// expires. <c>"41 bonus 2500 2025-12-01T00:00:00Z"</c>
/// </summary>
internal sealed class GrantJsonConverter : JsonConverter<Grant>
{
    public override Grant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var parts = reader.GetString()!.Split(' ');
        DateTimeOffset at = default;
        return parts.Length is 3 or 4 && TryNumber(parts[0], out var id) && TryNumber(parts[2], out var left) && (parts.Length == 3 || Instants.TryParse(parts[3], out at))
            ? new Grant(id, RowNames.GrantKinds.ValueOf(parts[1]), new Credits(left), parts.Length == 4 ? at : null)
            : throw new JsonException("This is not a grant.");
    }

    public override void Write(Utf8JsonWriter writer, Grant value, JsonSerializerOptions options)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{value.Id} {RowNames.GrantKinds.NameOf(value.Kind)} {value.Left.Thousandths}");
        writer.WriteStringValue(value.ExpiresAt is { } at ? $"{text} {Instants.Text(at)}" : text);
    }

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
