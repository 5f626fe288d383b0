using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Wire;

/// <summary>HTTP as its RFCs have it: what is too long, packed or marked.</summary>
public sealed class BoundsTests
{
    [Theory]
    [InlineData("credits?workspaceId=")]
    [InlineData("generations/")]
    [InlineData("/dashboard?")]
    public async Task A_long_address_is_refused_in_words(string path)
    {
        var anyone = (await World.Shared).Anyone;
        (await anyone.GetAsync(path + new string('a', 8_200))).Refused(414, "URI_TOO_LONG");
        Assert.NotEqual(414, (await anyone.GetAsync(path + new string('a', 4_000))).Status);
    }

    [Fact]
    public async Task Long_headers_and_many_are_refused_in_words()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.Own.SendAsync(HttpMethod.Get, "credits", null, ("X-Much", new string('a', 17_000)))).Refused(431, "HEADERS_TOO_LARGE");
        (await customer.Own.SendAsync(HttpMethod.Get, "credits", null, [.. Enumerable.Range(0, 70).Select(number => ($"X-{number}", "a"))])).Refused(431, "HEADERS_TOO_LARGE");
        (await customer.Own.SendAsync(HttpMethod.Get, "credits", null, ("X-Much", new string('a', 12_000)))).Is(200);
    }

    [Fact]
    public async Task A_long_body_is_refused_in_words()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.TryAdmitAsync(Json.Of(new { size = "2K", description = new string('a', 70_000) }))).Refused(413, "FILE_TOO_LARGE");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("gzip, identity")]
    public async Task A_packed_body_is_refused_in_words(string encoding)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Requests.Small));
        }

        var content = new ByteArrayContent(packed.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var refused = (await customer.Service.SendAsync(HttpMethod.Post, "generations", content)).Refused(415, "UNSUPPORTED_MEDIA_TYPE");
        Assert.Contains("Content-Encoding", refused.Text("detail"), StringComparison.Ordinal);
        Assert.Equal("identity", refused.Header("Accept-Encoding"));
        Assert.Equal(10, await customer.LeftAsync());
    }

    [Theory]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData("application/json; charset=iso-8859-1", 415)]
    [InlineData("application/json; charset=\"UTF-8\"", 201)]
    [InlineData("application/json; charset=utf8", 201)]
    [InlineData("text/plain", 201)]
    [InlineData(null, 201)]
    public async Task A_body_is_UTF_8(string? type, int status)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Requests.Small));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        content.Headers.TryAddWithoutValidation("Content-Encoding", "identity");
        (await customer.Service.SendAsync(HttpMethod.Post, "generations", content)).Is(status);
    }

    [Fact]
    public async Task A_byte_order_mark_is_passed_over()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.Service.SendAsync(HttpMethod.Post, "generations", new ByteArrayContent([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Requests.Small)]))).Is(201);
        (await customer.Service.SendAsync(HttpMethod.Post, $"keys/verify", new ByteArrayContent([0xEF, 0xBB, 0xBF]))).Names("key");
    }

    [Theory]
    [InlineData("credits?workspaceId=a&workspaceId=b", "workspaceId")]
    [InlineData("credits?workspaceId=a&workspace_id=a", "workspace_id")]
    [InlineData("credits?workspace=a", "workspace")]
    [InlineData("credits/history?limit=1&limit=2", "limit")]
    [InlineData("webhooks?limit=1", "limit")]
    public async Task A_parameter_that_is_unknown_or_given_twice_is_named(string path, string name) =>
        (await (await (await World.Shared).CustomerAsync("bloom")).Own.GetAsync(path)).Names(name);

    [Fact]
    public async Task Each_request_has_a_name_of_its_own_also_under_one_trace_of_the_callers()
    {
        var anyone = (await World.Shared).Anyone;
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        var names = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            names.Add((await anyone.SendAsync(HttpMethod.Get, "plans?product=bluma", null, ("traceparent", $"00-{Trace}-b7ad6b7169203331-01"))).Is(200).Header("X-Request-Id"));
        }

        Assert.Distinct(names);
        Assert.All(names, name => Assert.StartsWith(Trace, name, StringComparison.Ordinal));
    }
}
