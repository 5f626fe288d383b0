using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Workspaces;

namespace Billing.Engine.Rows;

/// <summary>What was taken from a grant, in the form in which the account row has grants.</summary>
internal sealed class DrawJsonConverter : JsonConverter<Draw>
{
    private static readonly GrantJsonConverter Grants = new();

    public override Draw Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Of(Grants.Read(ref reader, typeof(Grant), options));

    public override void Write(Utf8JsonWriter writer, Draw value, JsonSerializerOptions options) =>
        Grants.Write(writer, new Grant(value.GrantId, value.Kind, value.Amount, value.ExpiresAt), options);

    private static Draw Of(Grant grant) => new(grant.Id, grant.Kind, grant.ExpiresAt, grant.Left);
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

    internal static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
