using System.Text.Json;
using System.Text.RegularExpressions;

namespace Billing.Api.Tests.Docs;

/// <summary>JSON as a document shows it: it may leave fields out, and "…" stands for whatever a text goes on with.</summary>
internal static class Shown
{
    /// <summary>Where an answer is not as shown; null when it is.</summary>
    public static string? Difference(JsonElement shown, JsonElement actual, string at = "$") => (shown.ValueKind, actual.ValueKind) switch
    {
        (JsonValueKind.Object, JsonValueKind.Object) => shown.EnumerateObject().Select(field => actual.TryGetProperty(field.Name, out var value)
            ? Difference(field.Value, value, $"{at}.{field.Name}")
            : $"{at}.{field.Name} is shown, but not there").FirstOrDefault(difference => difference is not null),
        (JsonValueKind.String, JsonValueKind.String) when Matches(shown.GetString()!, actual.GetString()!) => null,
        _ => JsonElement.DeepEquals(shown, actual) ? null : $"{at} is shown as {shown.GetRawText()}, but is {actual.GetRawText()}",
    };

    private static bool Matches(string shown, string actual) =>
        Regex.IsMatch(actual, $"^{string.Join(".*", shown.Split('…').Select(Regex.Escape))}$", RegexOptions.None, TimeSpan.FromSeconds(1));
}
