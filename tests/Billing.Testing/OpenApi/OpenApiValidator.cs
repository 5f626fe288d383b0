using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Billing.Testing.OpenApi;

/// <summary>Holds answers of the API against its OpenAPI document. An empty list means that the answer is as documented.</summary>
/// <remarks>
/// Stricter than a client has to be: a status, a media type or a field that the document does not name is reported, too, so that nothing is answered
/// undocumented. Threads may share one. Use it by hand, or put an <see cref="OpenApiHandler"/> into a client and every answer is looked at.
/// </remarks>
public sealed class OpenApiValidator(OpenApiDocument document)
{
    private static readonly Lazy<OpenApiValidator> OfThisCheckout = new(() => new OpenApiValidator(OpenApiDocument.Load()));

    /// <summary>One with this checkout's document.</summary>
    public static OpenApiValidator Shared => OfThisCheckout.Value;

    /// <summary>What is wrong with an answer's status, media type and body.</summary>
    /// <param name="method">HTTP method of the request, such as <c>GET</c>.</param>
    /// <param name="path">Path of the request from the root, such as <c>/api/v1/credits</c>; a query is passed over.</param>
    /// <param name="status">HTTP status of the answer.</param>
    /// <param name="contentType">Its <c>Content-Type</c>, parameters included; null without one.</param>
    /// <param name="body">Its body; empty without one.</param>
    public IReadOnlyList<string> Validate(string method, string path, int status, string? contentType, string body)
    {
        var request = $"{method} {path} answered {status}";
        return document.FindResponse(method, PathOf(path), status) is { } response
            ? [.. (method == "HEAD" ? CheckNoBody(body) : CheckBody(response, contentType, body)).Select(mistake => $"{request}: {mistake}")]
            : [$"{request}, which is not in the document"];
    }

    /// <summary>What is wrong with an answer, its headers included. The body is buffered, so that it can still be read.</summary>
    public async Task<IReadOnlyList<string>> ValidateAsync(HttpResponseMessage answer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(answer.RequestMessage?.RequestUri, nameof(answer));
        var (method, path, status) = (answer.RequestMessage.Method.Method, answer.RequestMessage.RequestUri.AbsolutePath, (int)answer.StatusCode);
        await answer.Content.LoadIntoBufferAsync(cancellation);
        var body = await answer.Content.ReadAsStringAsync(cancellation);
        var mistakes = Validate(method, path, status, answer.Content.Headers.ContentType?.ToString(), body);
        return document.FindResponse(method, path, status) is { } response
            ? [.. mistakes, .. CheckHeaders(response, answer).Select(mistake => $"{method} {path} answered {status}: {mistake}")]
            : mistakes;
    }

    private static string PathOf(string path) => path.Split('?')[0];

    private static ImmutableArray<string> CheckNoBody(string body) => body.Length == 0 ? [] : ["there is a body, where none is documented"];

    private ImmutableArray<string> CheckBody(JsonElement response, string? contentType, string body)
    {
        if (!response.TryGetProperty("content", out var content))
        {
            return CheckNoBody(body);
        }

        var mediaType = contentType?.Split(';')[0].Trim().ToLowerInvariant() ?? "";
        if (!content.TryGetProperty(mediaType, out var media))
        {
            return [$"the media type is '{contentType}', documented is {string.Join(", ", content.EnumerateObject().Select(one => one.Name))}"];
        }

        if (!mediaType.EndsWith("json", StringComparison.Ordinal))
        {
            return [];
        }

        try
        {
            using var json = JsonDocument.Parse(body);
            return [.. document.Schemas.Check(media.GetProperty("schema"), json.RootElement, closed: true)];
        }
        catch (JsonException exception)
        {
            return [$"the body is not JSON: {exception.Message}"];
        }
    }

    private IEnumerable<string> CheckHeaders(JsonElement response, HttpResponseMessage answer)
    {
        var headers = response.TryGetProperty("headers", out var documented) ? documented.EnumerateObject().ToImmutableArray() : [];
        foreach (var (name, header) in headers.Select(one => (one.Name, document.Resolve(one.Value))))
        {
            if (!answer.Headers.NonValidated.TryGetValues(name, out var values) && !answer.Content.Headers.NonValidated.TryGetValues(name, out values))
            {
                if (header.TryGetProperty("required", out var required) && required.GetBoolean())
                {
                    yield return $"the header {name} is missing";
                }

                continue;
            }

            foreach (var mistake in document.Schemas.Check(header.GetProperty("schema"), ValueOf(string.Join(", ", values), header.GetProperty("schema"))))
            {
                yield return $"the header {name}: {mistake}";
            }
        }
    }

    private static JsonElement ValueOf(string text, JsonElement schema) =>
        schema.TryGetProperty("type", out var type) && type.ValueEquals("integer")
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? JsonSerializer.SerializeToElement(number)
            : JsonSerializer.SerializeToElement(text);
}
