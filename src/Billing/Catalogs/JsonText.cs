using System.Text.Json;

namespace Billing.Catalogs;

/// <summary>Texts of JSON that was not written by us.</summary>
internal static class JsonText
{
    /// <summary>The string; null for another kind of value, or for an escape such as a lone <c>\ud800</c> that is no text.</summary>
    public static string? In(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
