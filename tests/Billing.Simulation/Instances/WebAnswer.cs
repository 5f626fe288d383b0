using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Billing.Simulation.Instances;

/// <summary>An answer over HTTP.</summary>
internal sealed record WebAnswer(int Status, string Body, ImmutableDictionary<string, string> Headers)
{
    /// <summary>True for what was done, now or before.</summary>
    public bool Succeeded => Status is >= 200 and <= 299;

    /// <summary>True for a stored answer.</summary>
    public bool Replayed => Headers.GetValueOrDefault("Idempotent-Replayed") == "true";

    public static WebAnswer Of(HttpResponse response, byte[] body) => new(
        response.StatusCode,
        Encoding.UTF8.GetString(body),
        response.Headers.ToImmutableDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));

    /// <summary>What stands at a path such as <c>charged.credits</c>; null where nothing is.</summary>
    public JsonElement? At(string path)
    {
        using var document = JsonDocument.Parse(Body);
        var at = document.RootElement;
        foreach (var name in path.Split('.'))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
            {
                return null;
            }
        }

        return at.ValueKind == JsonValueKind.Null ? null : at.Clone();
    }

    public string Text(string path) => At(path)!.Value.GetString()!;
}
