using System.Net.Http.Headers;
using System.Text;
using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.ReportedElsewhere;

public sealed class EdgeTests
{
    // The name of the scheme was compared letter by letter, and a space too many was a fault of the server's.
    [Theory]
    [InlineData("bearer {0}")]
    [InlineData("BEARER {0}")]
    [InlineData("Bearer  {0}")]
    [InlineData("Bearer {0} ")]
    public async Task The_scheme_of_a_credential_is_read_in_any_case(string form)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.World.Anyone.SendAsync(HttpMethod.Get, "credits", null, ("Authorization", string.Format(System.Globalization.CultureInfo.InvariantCulture, form, customer.Key)))).Is(200);
    }

    // A credential without its scheme, with none after it, or of another kind crashed the door.
    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer=key")]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Bearer one, Bearer two")]
    public async Task A_credential_that_is_none_is_unauthorized(string header) =>
        (await (await World.Shared).Anyone.SendAsync(HttpMethod.Get, "credits", null, ("Authorization", header))).Refused(401, "UNAUTHORIZED");

    // Only Content-Length was looked at: a body in chunks had no limit, or the connection was reset instead of an answer.
    [Theory]
    [InlineData(66_000)]
    [InlineData(1_000_000)]
    public async Task A_long_body_in_chunks_is_refused_in_words(int length)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(Json.Of(new { size = "2K", description = new string('a', length) })));
        var content = new StreamContent(new Unsized(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        (await customer.Service.SendAsync(HttpMethod.Post, "generations", content)).Refused(413, "FILE_TOO_LARGE");
    }

    // A body in chunks was taken for none, and the request did something else than was asked.
    [Fact]
    public async Task A_body_in_chunks_is_read()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(Requests.Bloom("4K", 2)));
        Assert.Equal(4, (await customer.Service.SendAsync(HttpMethod.Post, "generations", new StreamContent(new Unsized(body)))).Is(201).Number("cost"));
    }

    // The repeat of what removed a thing said that the thing is not there.
    [Fact]
    public async Task The_repeat_of_a_removal_is_told_of_the_removal()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var hook = (await customer.Own.PostAsync("webhooks", """{"url": "http://127.0.0.1:9/", "events": ["ping"]}""")).Is(201).Text("id");
        var first = (await customer.Own.SendAsync(HttpMethod.Delete, $"webhooks/{hook}", null, "gone")).Is(200);
        Assert.Equal(first.Body, (await customer.Own.SendAsync(HttpMethod.Delete, $"webhooks/{hook}", null, "gone")).Is(200).Body);
        (await customer.Own.SendAsync(HttpMethod.Delete, $"webhooks/{hook}", null, "again")).Refused(404, "NOT_FOUND");
    }

    // Two things of a batch that were alike were taken for one.
    [Fact]
    public async Task Items_that_are_alike_are_as_many_as_they_are()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var batch = (await customer.Service.PostAsync("generations/batch", """{"items": [{"size": "2K"}, {"size": "2K"}, {"size": "2K"}], "mode": "best_effort"}""")).Is(201);
        Assert.Equal((3, 7), (batch.Number("charged.credits"), batch.Number("credits")));
        Assert.Distinct(batch.At("results").EnumerateArray().Select(result => result.GetProperty("id").GetString()));
    }

    // A session went on after its owner had signed out, for as long as its token was signed for.
    [Fact]
    public async Task A_token_that_was_copied_before_the_sign_out_is_good_for_nothing_after_it()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var session = await customer.WithKeySessionAsync();
        var copy = customer.World.Anyone.As(session.Bearer);
        (await session.GetAsync("credits")).Is(200);
        (await session.DeleteAsync("session")).Is(200);
        (await copy.GetAsync("credits")).Refused(401, "UNAUTHORIZED");
    }

    // Who announced a body and waited for the word to send it was never answered.
    [Fact]
    public async Task A_body_that_waits_to_be_asked_for_is_asked_for()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.Service.SendAsync(HttpMethod.Post, "generations", new StringContent(Requests.Small, Encoding.UTF8, "application/json"), ("Expect", "100-continue"))).Is(201);
    }

    /// <summary>A stream that does not tell its length, so that it is sent in chunks.</summary>
    private sealed class Unsized(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
