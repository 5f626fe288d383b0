using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Benchmarks.Rivals.Serving;

/// <summary>What is asked for, read and priced by as little as would do.</summary>
internal sealed record Order(string TemplateId, string Resolution, int Duration)
{
    private const long BaseMilli = 2_000;
    private const int Block = 30;
    private const int Ai = 2;

    /// <summary>In thousandths of a credit.</summary>
    [JsonIgnore]
    public long Cost => BaseMilli * ((Duration + Block - 1) / Block) * Tenths / 10 * Ai;

    /// <summary>The factor of its resolution, in tenths.</summary>
    [JsonIgnore]
    public int Tenths => Resolution switch { "4K" => 30, "1080p" => 15, _ => 10 };

    /// <summary>Null when it is none.</summary>
    public static Order? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, OrderJson.Default.Order) is { TemplateId.Length: > 0, Resolution: "720p" or "1080p" or "4K", Duration: >= 1 and <= 3_600 } order ? order : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Order))]
internal sealed partial class OrderJson : JsonSerializerContext;
