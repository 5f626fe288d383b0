using System.Text.Json;
using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Wire;

/// <summary>Every field that takes text, against text as people and programs write it. A line is one line; prose may have breaks and tabs.</summary>
public sealed class TextTests
{
    private const string Line = "line";
    private const string Prose = "prose";

    /// <summary>Method, path and body of a request whose field holds §; W stands for the workspace, A for the account, G for a generation.</summary>
    public static TheoryData<string, string, string, string, string> Fields => new()
    {
        { "operator", "POST admin/accounts", """{"product": "bloom", "name": "§", "email": "ada@example.com"}""", "name", Line },
        { "operator", "POST admin/accounts", """{"product": "bloom", "name": "Ada", "email": "§"}""", "email", Line },
        { "operator", "POST admin/accounts", """{"product": "bloom", "name": "Ada", "email": "ada@example.com", "external_id": "§"}""", "external_id", Line },
        { "operator", "POST admin/workspaces", """{"account_id": "A", "name": "§"}""", "name", Line },
        { "operator", "POST admin/workspaces/W/grants", """{"credits": 1, "reason": "§"}""", "reason", Prose },
        { "operator", "POST admin/workspaces/W/adjustments", """{"credits": 1, "reason": "§"}""", "reason", Prose },
        { "operator", "POST admin/workspaces/W/top-ups", """{"credits": 20, "reference": "§"}""", "reference", Line },
        { "operator", "POST admin/workspaces/W/payments", """{"status": "succeeded", "reference": "§"}""", "reference", Line },
        { "session", "POST api-keys", """{"name": "§", "environment": "test"}""", "name", Line },
        { "service", "POST generations", """{"size": "2K", "description": "§"}""", "description", Prose },
        { "service", "POST generations", """{"size": "2K", "metadata": {"a": "§"}}""", "metadata.a", Prose },
        { "key", "POST refunds", """{"generation_id": "G", "reason": "quality_issue", "note": "§"}""", "note", Prose },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task What_is_no_text_is_named_and_what_people_write_is_taken(string caller, string request, string body, string field, string kind)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", "plus");
        var client = caller switch { "operator" => customer.World.Operator, "session" => customer.Session, "service" => customer.Service, _ => customer.Own };
        foreach (var wrong in new[] { @"\ud800", @"a\udc00b", @"a\u0007b", @"\u0000", new string('x', 20_000) })
        {
            (await SendAsync(wrong)).Names(field);
        }

        foreach (var lines in new[] { @"a\nb", @"a\r\nb\tc" })
        {
            var answer = await SendAsync(lines);
            if (kind == Line)
            {
                answer.Names(field);
            }
            else
            {
                Assert.InRange(answer.Status, 200, 299);
            }
        }

        foreach (var blank in kind == Line ? [" ", @"\u200b", @"a\u2028b"] : Array.Empty<string>())
        {
            (await SendAsync(blank)).Names(field);
        }

        var emoji = string.Concat(Enumerable.Repeat("😀", kind == Line ? 50 : field == "reason" ? 200 : 300));
        Assert.InRange((await SendAsync(emoji)).Status, 200, 299);

        async Task<Answer> SendAsync(string text)
        {
            var generation = body.Contains("\"G\"", StringComparison.Ordinal) ? (await customer.CompleteAsync(await customer.AdmitAsync(Requests.Small))).Text("id") : "";
            var filled = body.Replace("§", text, StringComparison.Ordinal).Replace("\"A\"", JsonSerializer.Serialize(customer.AccountId), StringComparison.Ordinal).Replace("\"G\"", $"\"{generation}\"", StringComparison.Ordinal);
            var (method, path) = (request.Split(' ')[0], request.Split(' ')[1].Replace("/W/", $"/{customer.WorkspaceId}/", StringComparison.Ordinal));
            return await client.SendAsync(new HttpMethod(method), path, filled);
        }
    }

    [Theory]
    [InlineData("POST admin/workspaces/W/grants", """{"credits": §, "reason": "Sorry"}""", "credits")]
    [InlineData("POST admin/workspaces/W/adjustments", """{"credits": §, "reason": "Sorry"}""", "credits")]
    [InlineData("POST admin/workspaces/W/top-ups", """{"credits": §, "reference": "pi"}""", "credits")]
    public async Task A_number_with_more_places_than_are_kept_is_refused_and_never_rounded(string request, string body, string field)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        foreach (var number in new[] { "1.00000000000000000000000000001", "20.0001", "1e-4", "1e400", "1e-400" })
        {
            var (method, path) = (request.Split(' ')[0], request.Split(' ')[1].Replace("/W/", $"/{customer.WorkspaceId}/", StringComparison.Ordinal));
            (await customer.World.Operator.SendAsync(new HttpMethod(method), path, body.Replace("§", number, StringComparison.Ordinal))).Names(field);
        }

        Assert.Equal(10, await customer.LeftAsync());
    }

    [Theory]
    [InlineData("2025-12-01T00:00:00Z", true)]
    [InlineData("2025-12-01t00:00:00.5z", true)]
    [InlineData("2025-12-01 00:00:00+02:00", true)]
    [InlineData("2025-12-01T00:00:00", false)]
    [InlineData("2025-12-01", false)]
    [InlineData("2025-12-01T24:00:00Z", false)]
    [InlineData("2025-13-01T00:00:00Z", false)]
    [InlineData("1764547200", false)]
    public async Task An_instant_is_any_form_of_the_RFC(string text, bool taken)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var answer = await customer.World.Operator.PostAsync($"admin/workspaces/{customer.WorkspaceId}/grants", Json.Of(new { credits = 1, reason = "Sorry", expires_at = text }));
        _ = taken ? answer.Is(201) : answer.Names("expires_at");
    }
}
