using System.Text.Json;
using System.Text.RegularExpressions;
using Billing.Api.Tests.OpenApi;
using Billing.Api.Tests.Pages.Browser;
using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Reference;

/// <summary>The reference page shows the whole OpenAPI document, and needs nothing from elsewhere.</summary>
public sealed partial class ReferencePageTests
{
    private const string Shown = """
        (() => {
          const all = (selector, within = document) => [...within.querySelectorAll(selector)];
          return {
            origin: location.origin,
            asked: performance.getEntriesByType('resource').filter((one) => one.initiatorType === 'fetch').map((one) => new URL(one.name).href),
            text: document.getElementById('page').textContent,
            notice: document.getElementById('notice').textContent,
            introduced: document.getElementById('introduction').checkVisibility(),
            contents: all('#contents a').map((link) => link.getAttribute('href').slice(1)),
            shown: all('article').filter((article) => article.checkVisibility()).map((article) => article.id),
            operations: Object.fromEntries(all('article').map((article) => [article.id, {
              told: article.querySelector('.told').textContent,
              fields: all('.name', article).map((name) => name.textContent),
              samples: all('pre', article).map((sample) => sample.textContent),
            }])),
          };
        })()
        """;

    private static readonly Lazy<Task<JsonElement>> Page = new(() => DrawAsync());

    [Fact]
    public async Task It_is_served_with_all_that_it_loads_and_forbids_whatever_is_from_elsewhere()
    {
        var host = (await World.Shared).Anyone;
        var page = (await host.GetAsync("/reference")).Is(200);
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", page.Header("Content-Security-Policy"), StringComparison.Ordinal);

        var loaded = await LoadedAsync(host, page.Body);
        Assert.Superset(new HashSet<string> { "page.css", "reference.css", "reference.js", "schema.js", "markup.js", "dom.js" }, loaded.Keys.ToHashSet());
        Assert.All(loaded.Values.Append(page.Body), text => Assert.DoesNotMatch(Elsewhere(), text));
        Assert.DoesNotMatch(Inline(), page.Body);
    }

    [BrowserFact]
    public async Task Every_operation_and_event_is_shown_once_and_listed()
    {
        var page = await Page.Value;
        var documented = Operations().Select(operation => operation.Id).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(documented, Texts(page.GetProperty("shown")).Order(StringComparer.Ordinal));
        Assert.Equal(documented, Texts(page.GetProperty("contents")).Order(StringComparer.Ordinal));
        Assert.Equal([$"{page.GetProperty("origin")}/api/v1/openapi.json"], Texts(page.GetProperty("asked")));
    }

    [BrowserFact]
    public async Task Each_says_its_method_path_parameters_statuses_and_codes()
    {
        var shown = (await Page.Value).GetProperty("operations");
        Assert.All(Documents.Current.Operations, operation =>
        {
            var told = shown.GetProperty(operation.Id).GetProperty("told").GetString()!;
            Assert.Contains($"{operation.Method} {operation.Path}", told, StringComparison.Ordinal);
            Assert.All(operation.Element.GetProperty("responses").EnumerateObject(), response => Assert.Contains(response.Name, told, StringComparison.Ordinal));
            Assert.All(Codes(operation.Element), code => Assert.Contains(code, told, StringComparison.Ordinal));
            Assert.Empty(Parameters(operation.Element).Except(Texts(shown.GetProperty(operation.Id).GetProperty("fields"))));
        });
    }

    [BrowserFact]
    public async Task Each_shows_every_field_that_its_body_and_answers_can_have()
    {
        var shown = (await Page.Value).GetProperty("operations");
        Assert.All(Operations(), operation => Assert.Empty(
            Bodies(operation.Element).SelectMany(FieldsOf).Except(Texts(shown.GetProperty(operation.Id).GetProperty("fields"))).Select(field => $"{operation.Id}: {field}")));
    }

    [BrowserFact]
    public async Task Each_shows_its_examples_and_a_call_that_can_be_pasted()
    {
        var page = await Page.Value;
        var samples = page.GetProperty("operations").GetProperty("admitGeneration").GetProperty("samples");
        Assert.Equal($$"""
            curl -s -X POST {{page.GetProperty("origin")}}/api/v1/generations \
              -H "Authorization: Bearer $SERVICE_KEY" \
              -H "X-Api-Key: $CUSTOMER_KEY" \
              -H "Idempotency-Key: $(uuidgen)" \
              -H "Content-Type: application/json" \
              -d '{"size":"4K","variant_count":3}'
            """.ReplaceLineEndings("\n"), samples[0].GetString());
        using var answer = JsonDocument.Parse(samples[1].GetString()!);
        Assert.Equal("running", answer.RootElement.GetProperty("status").GetString());
    }

    [BrowserFact]
    public async Task Nothing_is_shown_that_is_no_text()
    {
        var text = (await Page.Value).GetProperty("text").GetString()!;
        Assert.DoesNotContain("[object", text, StringComparison.Ordinal);
        Assert.DoesNotContain("undefined", text, StringComparison.Ordinal);
        Assert.DoesNotContain("**", text, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Searching_leaves_what_has_all_the_words()
    {
        var found = await DrawAsync("post refund");
        Assert.Equal(["requestRefund", "reverseTopUp", "approveRefund", "denyRefund"], Texts(found.GetProperty("shown")));
        Assert.Equal(("", false), (found.GetProperty("notice").GetString(), found.GetProperty("introduced").GetBoolean()));
    }

    [BrowserFact]
    public async Task Searching_for_what_is_not_there_says_so()
    {
        var found = await DrawAsync("unicorn");
        Assert.Empty(Texts(found.GetProperty("shown")));
        Assert.Equal("No endpoint has all of these words.", found.GetProperty("notice").GetString());
    }

    private static async Task<JsonElement> DrawAsync(string find = "")
    {
        await using var reference = await Tab.OpenAsync(await World.Shared, "/reference");
        await reference.SeesAsync("#page", "Admit a generation");
        await reference.WriteAsync("Find", find);
        return await reference.EvaluateAsync<JsonElement>(Shown);
    }

    private static async Task<Dictionary<string, string>> LoadedAsync(Client host, string page)
    {
        var loaded = new Dictionary<string, string>();
        var pending = new Queue<string>(Asset().Matches(page).Select(match => match.Groups[1].Value));
        while (pending.TryDequeue(out var file))
        {
            if (loaded.TryAdd(file, (await host.GetAsync($"/assets/{file}")).Is(200).Body))
            {
                Import().Matches(loaded[file]).Select(match => match.Groups[1].Value).ToList().ForEach(pending.Enqueue);
            }
        }

        return loaded;
    }

    private static IEnumerable<(string Id, JsonElement Element)> Operations() => Documents.Current.Operations
        .Select(operation => (operation.Id, operation.Element))
        .Concat(Documents.Current.Root.GetProperty("webhooks").EnumerateObject().Select(one => one.Value.GetProperty("post")).Select(one => (one.GetProperty("operationId").GetString()!, one)));

    private static IEnumerable<string> Texts(JsonElement list) => list.EnumerateArray().Select(text => text.GetString()!);

    private static IEnumerable<string> Parameters(JsonElement operation) => operation.TryGetProperty("parameters", out var parameters)
        ? parameters.EnumerateArray().Select(parameter => Documents.Current.Resolve(parameter).GetProperty("name").GetString()!)
        : [];

    private static IEnumerable<string> Codes(JsonElement operation) => operation.GetProperty("responses").EnumerateObject()
        .Where(response => response.Name[0] >= '4')
        .SelectMany(response => Documents.Codes(Documents.Current.Resolve(response.Value)));

    private static IEnumerable<JsonElement> Bodies(JsonElement operation)
    {
        var good = operation.GetProperty("responses").EnumerateObject().Where(response => response.Name[0] < '4').Select(response => Documents.Current.Resolve(response.Value));
        var bodies = operation.TryGetProperty("requestBody", out var request) ? good.Prepend(request) : good;
        return bodies.Where(body => body.TryGetProperty("content", out _)).SelectMany(body => body.GetProperty("content").EnumerateObject()).Select(media => media.Value.GetProperty("schema"));
    }

    // Wherever a schema has fields: in itself, its parts, its choices, its items.
    private static IEnumerable<string> FieldsOf(JsonElement schema)
    {
        var resolved = Documents.Current.Resolve(schema);
        var own = resolved.TryGetProperty("properties", out var properties)
            ? properties.EnumerateObject().SelectMany(field => FieldsOf(field.Value).Prepend(field.Name))
            : [];
        var inner = new[] { "allOf", "anyOf", "oneOf" }
            .SelectMany(keyword => resolved.TryGetProperty(keyword, out var parts) ? parts.EnumerateArray() : Enumerable.Empty<JsonElement>())
            .Concat(resolved.TryGetProperty("items", out var items) ? [items] : []);
        return own.Concat(inner.SelectMany(FieldsOf)).Distinct();
    }

    [GeneratedRegex("/assets/([^\"]+)")]
    private static partial Regex Asset();

    [GeneratedRegex(@"from '\./([^']+)'")]
    private static partial Regex Import();

    [GeneratedRegex("""(https?:)?//[a-z0-9-]+\.|@import""", RegexOptions.IgnoreCase)]
    private static partial Regex Elsewhere();

    [GeneratedRegex("""<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=""", RegexOptions.IgnoreCase)]
    private static partial Regex Inline();
}
