using System.Text;
using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Wire;

/// <summary>Bad input gets a 4xx that names the field, and nothing is written.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("""{}""", "size")]
    [InlineData("", "size")]
    [InlineData("""{"size": "8K"}""", "size")]
    [InlineData("""{"size": 2}""", "size")]
    [InlineData("""{"size": ["2K"]}""", "size")]
    [InlineData("""{"size": null}""", "size")]
    [InlineData("""{"size": "2K", "variants": 3}""", "variants")]
    [InlineData("""{"size": "2K", "variantcount": 3}""", "variantcount")]
    [InlineData("""{"size": "2K", "Size": "4K"}""", "Size")]
    [InlineData("""{"size": "2K", "variant_count": 0}""", "variant_count")]
    [InlineData("""{"size": "2K", "variant_count": -1}""", "variant_count")]
    [InlineData("""{"size": "2K", "variant_count": 21}""", "variant_count")]
    [InlineData("""{"size": "2K", "variant_count": 1.5}""", "variant_count")]
    [InlineData("""{"size": "2K", "variant_count": "3"}""", "variant_count")]
    [InlineData("""{"size": "2K", "variant_count": true}""", "variant_count")]
    [InlineData("""{"size": "2K", "variant_count": 1e300}""", "variant_count")]
    [InlineData("""{"size": "2K", "variant_count": 99999999999999999999999999999999999999}""", "variant_count")]
    [InlineData("""{"size": "2K", "workspace_id": 7}""", "workspace_id")]
    [InlineData("""{"size": "2K", "workspace_id": "ws_a", "workspaceId": "ws_a"}""", "workspaceId")]
    [InlineData("""{"size": "2K", "description": 7}""", "description")]
    [InlineData("""{"size": "2K", "description": "\u0000"}""", "description")]
    [InlineData("""{"size": "2K", "description": "\ud800"}""", "description")]
    [InlineData("""{"size": "2K", "description": "a\u0007b"}""", "description")]
    [InlineData("""{"size": "2K", "metadata": {"a": "\ud800"}}""", "metadata.a")]
    [InlineData("""{"size": "2K", "metadata": {"\ud800": "a"}}""", "metadata")]
    [InlineData("""{"size": "2K", "\ud800": "a"}""", "body")]
    [InlineData("""{"size": "2K", "variant_count": 1.00000000000000000000000000001}""", "variant_count")]
    [InlineData("""{"size": "2K", "size": "4K"}""", "size")]
    [InlineData("""{"size": "2K", "quote": "x"}""", "quote")]
    [InlineData("""{"size": "2K", "quote": {}}""", "quote")]
    [InlineData("""{"template_id": "news-anchor", "size": "2K"}""", "template_id")]
    [InlineData("""{"size": "2K",}""", "body")]
    [InlineData("""{"size": "2K" """, "body")]
    [InlineData("""["2K"]""", "body")]
    [InlineData("""null""", "body")]
    [InlineData("""7""", "body")]
    [InlineData("""size=2K""", "body")]
    [InlineData("""{"size": NaN}""", "body")]
    [InlineData("""{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}}}}}}}}}""", "body")]
    public async Task A_wrong_generation_request_is_named(string request, string field)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.TryAdmitAsync(request)).Names(field);
        Assert.Equal((10, 1), (await customer.LeftAsync(), (await customer.HistoryAsync()).Number("total")));
    }

    [Theory]
    [InlineData("""{"resolution": "720p"}""", "template_id")]
    [InlineData("""{"template_id": "no-such-template"}""", "template_id")]
    [InlineData("""{"template_id": "news-anchor", "resolution": "8K"}""", "resolution")]
    [InlineData("""{"template_id": "news-anchor", "duration": 0}""", "duration")]
    [InlineData("""{"template_id": "news-anchor", "duration": -30}""", "duration")]
    [InlineData("""{"template_id": "news-anchor", "duration": 3601}""", "duration")]
    [InlineData("""{"template_id": "news-anchor", "duration": 30.5}""", "duration")]
    [InlineData("""{"template_id": "news-anchor", "complexity": "huge"}""", "complexity")]
    public async Task A_wrong_video_request_is_named(string request, string field)
    {
        var customer = await (await World.Shared).CustomerAsync("bluma");
        (await customer.TryAdmitAsync(request)).Names(field);
    }

    [Theory]
    [InlineData("""{"width": 0}""", "width")]
    [InlineData("""{"height": -1}""", "height")]
    [InlineData("""{"file_size_bytes": -1}""", "file_size_bytes")]
    [InlineData("""{"file_size_bytes": "1"}""", "file_size_bytes")]
    [InlineData("""{"template": ""}""", "template")]
    [InlineData("""{"format": 1}""", "format")]
    public async Task A_wrong_image_request_is_named(string request, string field)
    {
        var customer = await (await World.Shared).CustomerAsync("gleam");
        (await customer.TryAdmitAsync(request)).Names(field);
    }

    [Fact]
    public async Task Events_that_are_no_text_are_named()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.Session.PostAsync("webhooks", """{"url": "https://example.com", "events": ["\ud800"]}""")).Names("events");
    }

    [Fact]
    public async Task What_people_write_may_have_lines()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var admitted = await customer.AdmitAsync("""{"size": "2K", "description": "two\r\nlines\tand 😀", "metadata": {"note": "a\nb"}}""");
        Assert.Equal(9, admitted.Number("credits"));
    }

    [Fact]
    public async Task Every_mistake_is_named_at_once()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var refused = (await customer.TryAdmitAsync("""{"size": "8K", "variant_count": 0, "seize": 1, "description": ""}""")).Names("size").Names("variant_count").Names("seize").Names("description");
        Assert.All(refused.At("errors").EnumerateObject(), field => Assert.NotEmpty(field.Value[0].GetString()!));
    }

    [Theory]
    [InlineData("admin/accounts", """{"product": "blom", "name": "A", "email": "a@b.c"}""", "product")]
    [InlineData("admin/accounts", """{"product": "bloom", "email": "a@b.c"}""", "name")]
    [InlineData("admin/accounts", """{"product": "bloom", "name": "A"}""", "email")]
    [InlineData("admin/accounts", """{"product": "bloom", "name": "A", "email": "a@b.c", "plan": "gold"}""", "plan")]
    [InlineData("admin/accounts", """{"product": "bloom", "name": "A", "email": "a@b.c", "credits": 300}""", "credits")]
    [InlineData("admin/accounts", """{"product": "bloom", "name": "A", "email": "a@b.c", "externalId": "x"}""", "externalId")]
    [InlineData("admin/sessions", """{"account": "x"}""", "account")]
    [InlineData("admin/sessions", """{}""", "account_id")]
    [InlineData("admin/workspaces", """{"account_id": "x"}""", "name")]
    [InlineData("admin/workspaces/{id}/grants", """{"reason": "x"}""", "credits")]
    [InlineData("admin/workspaces/{id}/grants", """{"credits": -5, "reason": "x"}""", "credits")]
    [InlineData("admin/workspaces/{id}/grants", """{"credits": 0, "reason": "x"}""", "credits")]
    [InlineData("admin/workspaces/{id}/grants", """{"credits": 0.0001, "reason": "x"}""", "credits")]
    [InlineData("admin/workspaces/{id}/grants", """{"credits": 1.00000000000000000000000000001, "reason": "x"}""", "credits")]
    [InlineData("admin/workspaces", """{"account_id": "x", "name": " "}""", "name")]
    [InlineData("admin/workspaces", """{"account_id": "x", "name": "a\u200bb"}""", "name")]
    [InlineData("admin/workspaces/{id}/grants", """{"credits": 1e28, "reason": "x"}""", "credits")]
    [InlineData("admin/workspaces/{id}/grants", """{"credits": "5", "reason": "x"}""", "credits")]
    [InlineData("admin/workspaces/{id}/grants", """{"credits": 5}""", "reason")]
    [InlineData("admin/workspaces/{id}/grants", """{"credits": 5, "reason": "x", "expires_at": "tomorrow"}""", "expires_at")]
    [InlineData("admin/workspaces/{id}/grants", """{"credits": 5, "reason": "x", "expires_at": "2025-11-01T00:00:00Z"}""", "expires_at")]
    [InlineData("admin/workspaces/{id}/grants", """{"credits": 5, "reason": "x", "expires_at": 1}""", "expires_at")]
    [InlineData("admin/workspaces/{id}/top-ups", """{"credits": 19, "reference": "x"}""", "credits")]
    [InlineData("admin/workspaces/{id}/top-ups", """{"credits": 201, "reference": "x"}""", "credits")]
    [InlineData("admin/workspaces/{id}/top-ups", """{"credits": 20}""", "reference")]
    [InlineData("admin/workspaces/{id}/payments", """{"status": "unknown", "reference": "x"}""", "status")]
    [InlineData("admin/workspaces/{id}/payments", """{"status": "failed"}""", "reference")]
    [InlineData("admin/workspaces/{id}/members", """{}""", "account_id")]
    [InlineData("admin/workspaces/{id}/members", """{"account_id": "x", "role": "king"}""", "role")]
    public async Task A_wrong_operator_request_is_named(string path, string request, string field)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.World.Operator.PostAsync(path.Replace("{id}", customer.WorkspaceId, StringComparison.Ordinal), request)).Names(field);
        Assert.Equal((10, 1), (await customer.LeftAsync(), (await customer.HistoryAsync()).Number("total")));
    }

    [Theory]
    [InlineData("""{"plan": "gold"}""", "plan")]
    [InlineData("""{"plan": 1}""", "plan")]
    [InlineData("""{}""", "plan")]
    [InlineData("""{"plan": "scale"}""", "credits")]
    [InlineData("""{"plan": "scale", "credits": 299}""", "credits")]
    [InlineData("""{"plan": "plus", "credits": 60}""", "credits")]
    [InlineData("""{"plan": "plus", "started_at": "2025-11-01T00:00:00.001Z"}""", "started_at")]
    [InlineData("""{"plan": "plus", "started_at": "1999-12-31T23:59:59Z"}""", "started_at")]
    [InlineData("""{"plan": "plus", "started_at": "2025-02-30T00:00:00Z"}""", "started_at")]
    [InlineData("""{"plan": "plus", "startedAt": "2025-10-01T00:00:00Z"}""", "startedAt")]
    public async Task A_wrong_subscription_is_named(string request, string field)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.World.Operator.PutAsync($"admin/workspaces/{customer.WorkspaceId}/subscription", request)).Names(field);
        Assert.Equal("none", (await customer.CreditsAsync()).Text("plan_status"));
    }

    [Theory]
    [InlineData(64 * 1024 + 1)]
    [InlineData(1024 * 1024)]
    public async Task A_body_over_64_KiB_is_too_large(int length)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var body = $$"""{"size": "2K", "description": "{{new string('x', length)}}"}"""[..length];
        (await customer.TryAdmitAsync(body)).Refused(413, "FILE_TOO_LARGE");
        (await customer.Service.SendAsync(HttpMethod.Post, "generations", new StreamContent(new Unsized(Encoding.UTF8.GetBytes(body))))).Refused(413, "FILE_TOO_LARGE");
        (await customer.World.Operator.PostAsync("admin/accounts", body)).Refused(413, "FILE_TOO_LARGE");
        Assert.Equal(10, await customer.LeftAsync());
    }

    [Fact]
    public async Task A_body_of_64_KiB_is_read()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        const string Body = """{"size": "2K"}""";
        await customer.AdmitAsync(Body.PadRight(64 * 1024));
    }

    [Theory]
    [InlineData("ws_0000000000000000")]
    [InlineData("ws_x")]
    [InlineData("account")]
    [InlineData("'; drop table")]
    [InlineData("..%2f..")]
    public async Task A_workspace_that_one_may_not_see_is_not_found(string id)
    {
        var world = await World.Shared;
        var (ada, bob) = (await world.CustomerAsync("bloom"), await world.CustomerAsync("bloom"));
        foreach (var workspace in new[] { id, bob.WorkspaceId })
        {
            (await ada.Own.GetAsync($"credits?workspaceId={workspace}")).Refused(404, "NOT_FOUND");
            (await ada.Own.GetAsync($"credits/balance?workspaceId={workspace}")).Refused(404, "NOT_FOUND");
            (await ada.Own.GetAsync($"credits/history?workspaceId={workspace}")).Refused(404, "NOT_FOUND");
            foreach (var endpoint in new[] { "generations", "generations/quote", "generations/check" })
            {
                (await ada.Service.PostAsync(endpoint, Json.Of(new { size = "2K", workspace_id = workspace }))).Refused(404, "NOT_FOUND");
            }

            (await ada.Service.PostAsync("generations/batch", Json.Of(new { items = new[] { new { size = "2K" } }, workspace_id = workspace }))).Refused(404, "NOT_FOUND");
        }

        Assert.Equal((10, 10), (await ada.LeftAsync(), await bob.LeftAsync()));
    }

    [Theory]
    [InlineData("GET", "/api/v1")]
    [InlineData("GET", "/api/v1/nothing")]
    [InlineData("GET", "/api/v1/nothing.json")]
    [InlineData("GET", "/api/v2/credits")]
    [InlineData("POST", "/api/v1/nothing")]
    [InlineData("GET", "/api/v1/admin/nothing")]
    public async Task A_route_that_is_not_there_is_not_found(string method, string path) =>
        (await (await World.Shared).Anyone.SendAsync(new HttpMethod(method), path)).Refused(404, "NOT_FOUND");

    /// <summary>A stream that does not tell its length, so that it is sent in chunks.</summary>
    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
