using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Accounts;

/// <summary>
/// A grant as one short text, because the account row holds many and has to stay small: id, kind, thousandths left and, unless it never ends, when it
/// expires. <c>"41 bonus 2500 2025-12-01T00:00:00Z"</c>
/// </summary>
internal sealed class GrantText : JsonConverter<Grant>
{
    public override Grant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var parts = reader.GetString()!.Split(' ');
        DateTimeOffset at = default;
        if (parts.Length is < 3 or > 4 || !TryKind(parts[1], out var kind) || !TryNumber(parts[0], out var id) || !TryNumber(parts[2], out var left)
            || (parts.Length == 4 && !Instants.TryParse(parts[3], out at)))
        {
            throw new JsonException("This is not a grant.");
        }

        return new Grant(id, kind, new Credits(left), parts.Length == 4 ? at : null);
    }

    public override void Write(Utf8JsonWriter writer, Grant value, JsonSerializerOptions options)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{value.Id} {NameOf(value.Kind)} {value.Left.Thousandths}");
        writer.WriteStringValue(value.ExpiresAt is { } at ? $"{text} {Instants.Text(at)}" : text);
    }

    private static string NameOf(GrantKind kind) => kind switch
    {
        GrantKind.Plan => "plan",
        GrantKind.Bonus => "bonus",
        GrantKind.TopUp => "top_up",
        _ => throw new JsonException($"There is no kind of grant {kind}."),
    };

    private static bool TryKind(string text, out GrantKind kind)
    {
        kind = text switch
        {
            "plan" => GrantKind.Plan,
            "bonus" => GrantKind.Bonus,
            _ => GrantKind.TopUp,
        };
        return text == NameOf(kind);
    }

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
