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
        Grants.Write(writer, value.Grant, options);

    private static Draw Of(Grant grant) => grant.Draw(grant.Left);
}

/// <summary>
/// A grant as one short text, because the account row holds many and has to stay small: id, kind, thousandths left and, unless it never ends, when it
/// expires and, if something was paid for it, what. <c>"41 plan 2500 2025-12-01T00:00:00Z 29/1000USD"</c>
/// </summary>
internal sealed class GrantJsonConverter : JsonConverter<Grant>
{
    public override Grant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var parts = reader.GetString()!.Split(' ');
        if (parts.Length < 3 || !TryNumber(parts[0], out var id) || !TryNumber(parts[2], out var left))
        {
            throw new JsonException("This is not a grant.");
        }

        var rest = parts.AsSpan(3);
        DateTimeOffset? expiresAt = !rest.IsEmpty && Instants.TryParse(rest[0], out var at) ? at : null;
        rest = expiresAt is null ? rest : rest[1..];
        Basis? basis = !rest.IsEmpty && Basis.TryParse(rest[0], out var paid) ? paid : null;
        return rest.Length == (basis is null ? 0 : 1)
            ? new Grant(id, RowNames.GrantKinds.ValueOf(parts[1]), new Credits(left), expiresAt, basis)
            : throw new JsonException("This is not a grant.");
    }

    public override void Write(Utf8JsonWriter writer, Grant value, JsonSerializerOptions options)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{value.Id} {RowNames.GrantKinds.NameOf(value.Kind)} {value.Left.Thousandths}");
        text = value.ExpiresAt is { } at ? $"{text} {Instants.Text(at)}" : text;
        writer.WriteStringValue(value.Basis is { } basis ? $"{text} {basis}" : text);
    }

    internal static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
