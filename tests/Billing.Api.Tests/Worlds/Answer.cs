using System.Globalization;
using System.Text.Json;

namespace Billing.Api.Tests.Worlds;

/// <summary>What came back.</summary>
public sealed record Answer(string Request, int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonElement Root { get; } = Parse(Body);

    /// <summary>The answer itself when it has this status; else the test fails and shows it.</summary>
    public Answer Is(int status)
    {
        Assert.True(status == Status, $"{Request} should answer {status}: {Status} {Body}");
        return this;
    }

    /// <summary>The same for an error: its status stands three times in it, its code once.</summary>
    public Answer Refused(int status, string code)
    {
        Is(status);
        Assert.True(
            Text("code") == code && Number("status") == status && Number("error.code") == status && Headers["Content-Type"] == "application/problem+json; charset=utf-8",
            $"{Request} should be refused with {code}: {Body}");
        return this;
    }

    /// <summary>The same for an error that names a field.</summary>
    public Answer Names(string field)
    {
        Refused(400, "INVALID_REQUEST");
        Assert.True(Root.GetProperty("errors").TryGetProperty(field, out var messages) && messages.GetArrayLength() > 0, $"{Request} should name {field}: {Body}");
        return this;
    }

    /// <summary>Holds the body, or the part at <paramref name="path"/>, against JSON in which the text "*" stands for anything but null. No field may be missing or be there besides.</summary>
    public Answer Shows(string json, string path = "")
    {
        var difference = Json.Difference(json, At(path));
        Assert.True(difference is null, $"{Request} answered {Status}, {difference}\n{Body}");
        return this;
    }

    public string Text(string path) => At(path).ValueKind == JsonValueKind.String ? At(path).GetString()! : At(path).GetRawText();

    public decimal Number(string path) => At(path).GetDecimal();

    public string Header(string name) => Headers.TryGetValue(name, out var value) ? value : throw new KeyNotFoundException($"{Request} answered without {name}: {Status} {Body}");

    /// <summary>The element at a path such as <c>results.0.charged.credits</c>.</summary>
    public JsonElement At(string path) => path.Split('.', StringSplitOptions.RemoveEmptyEntries).Aggregate(Root, (element, name) => element.ValueKind switch
    {
        JsonValueKind.Array => element[int.Parse(name, CultureInfo.InvariantCulture)],
        JsonValueKind.Object when element.TryGetProperty(name, out var found) => found,
        _ => throw new KeyNotFoundException($"{Request} answered {Status} without {path}: {Body}"),
    });

    public override string ToString() => $"{Request}: {Status} {Body}";

    private static JsonElement Parse(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
