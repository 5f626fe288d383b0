using System.Globalization;
using System.Text;
using Billing.Webhooks;

namespace Billing.Client.Tests;

/// <summary>A delivery is held against the backend's own signer.</summary>
public sealed class WebhookVerifierTests
{
    private const string Body = """{"type": "credits.low", "timestamp": "2025-11-03T10:30:00Z", "sequence": 7, "data": {"workspace_id": "ws_1", "external_id": "ada", "credits": 2.25, "monthly_allowance": 50}}""";
    private static readonly string Secret = WebhookSignature.NewSecret(Enumerable.Range(0, 32).Select(number => (byte)number).ToArray());
    private static readonly string Other = WebhookSignature.NewSecret(new byte[24]);
    private readonly HastyClock _clock = new();

    [Fact]
    public void A_delivery_is_an_event_of_its_type()
    {
        var low = Assert.IsType<CreditsLowEvent>(Accepted(Verify(Body)));
        Assert.Equal(("evt_1", "credits.low", 7, "ws_1", "ada"), (low.Id, low.Type, low.Sequence, low.WorkspaceId, low.ExternalId));
        Assert.Equal((2.25m, 50), (low.Credits, low.MonthlyAllowance));
        Assert.Equal(_clock.GetUtcNow(), low.Timestamp);
    }

    [Theory]
    [InlineData("""{"type": "moon.rose", "timestamp": "2025-11-03T10:30:00Z", "sequence": 8, "data": {"workspace_id": "ws_1", "phase": 3}}""")]
    [InlineData("""{"type": "credits.low", "timestamp": "2025-11-03T10:30:00Z", "sequence": 8, "data": {"workspace_id": "ws_1", "credits": {"much": true}}}""")]
    public void What_is_new_is_an_event_all_the_same(string body)
    {
        var news = Accepted(Verify(body));
        Assert.Equal((typeof(BillingEvent), "ws_1", 8), (news.GetType(), news.WorkspaceId, news.Sequence));
        Assert.True(news.Data.TryGetProperty("phase", out _) || news.Data.TryGetProperty("credits", out _));
    }

    [Theory]
    [InlineData(-300, null)]
    [InlineData(-301, WebhookFault.NotOfNow)]
    [InlineData(300, null)]
    [InlineData(301, WebhookFault.NotOfNow)]
    public void It_may_be_300_seconds_old_or_ahead(int seconds, WebhookFault? fault) => Assert.Equal(fault, FaultOf(Verify(Body, sentAt: _clock.GetUtcNow().AddSeconds(seconds))));

    [Fact]
    public void While_a_secret_is_rotated_both_are_good()
    {
        Assert.Null(FaultOf(Verify(Body, verifier: [Other, Secret])));
        Assert.Null(FaultOf(Verify(Body, signer: [Other, Secret])));
        Assert.Equal(WebhookFault.SignatureWrong, FaultOf(Verify(Body, verifier: [Other])));
    }

    [Fact]
    public void What_was_changed_on_the_way_is_not_the_backends()
    {
        var headers = Headers(Body);
        Assert.Equal(WebhookFault.SignatureWrong, FaultOf(Verify(Body + " ", headers)));
        Assert.Equal(WebhookFault.SignatureWrong, FaultOf(Verify(Body, headers.SetItem("webhook-id", "evt_2"))));
        Assert.Equal(WebhookFault.SignatureWrong, FaultOf(Verify(Body, headers.SetItem("webhook-timestamp", _clock.GetUtcNow().AddSeconds(1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)))));
        Assert.Equal(WebhookFault.SignatureWrong, FaultOf(Verify(Body, headers.SetItem("webhook-signature", headers["webhook-signature"].ToUpperInvariant()))));
    }

    [Theory]
    [InlineData("webhook-id", "", WebhookFault.HeaderMissing)]
    [InlineData("webhook-timestamp", "", WebhookFault.HeaderMissing)]
    [InlineData("webhook-signature", "", WebhookFault.HeaderMissing)]
    [InlineData("webhook-timestamp", "now", WebhookFault.TimestampMalformed)]
    [InlineData("webhook-timestamp", "-1", WebhookFault.TimestampMalformed)]
    [InlineData("webhook-timestamp", "99999999999999999999", WebhookFault.TimestampMalformed)]
    [InlineData("webhook-timestamp", "9223372036854775807", WebhookFault.SignatureWrong)]
    [InlineData("webhook-signature", "v1,", WebhookFault.SignatureWrong)]
    [InlineData("webhook-signature", "v2,abc v1,äöü", WebhookFault.SignatureWrong)]
    public void Headers_that_are_none(string header, string value, WebhookFault fault) => Assert.Equal(fault, FaultOf(Verify(Body, Headers(Body).SetItem(header, value))));

    [Fact]
    public void Of_too_many_signatures_the_rest_is_not_looked_at()
    {
        var signature = Headers(Body)["webhook-signature"];
        var padding = string.Concat(Enumerable.Repeat("v1,AAAA ", 40));
        Assert.Equal(WebhookFault.SignatureWrong, FaultOf(Verify(Body, Headers(Body).SetItem("webhook-signature", padding + signature))));
        Assert.Null(FaultOf(Verify(Body, Headers(Body).SetItem("webhook-signature", $"{signature} {padding}"))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"type": "credits.low"}""")]
    public void A_signed_body_that_is_no_event(string body) => Assert.Equal(WebhookFault.BodyMalformed, FaultOf(Verify(body)));

    [Theory]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("whsec_dG9vIHNob3J0")]
    [InlineData("whsec_not base64!!")]
    [InlineData("sk_0123456789")]
    public void A_secret_that_is_none_is_the_programs_mistake(string secret) => Assert.Throws<ArgumentException>(() => new WebhookVerifier(secret));

    [Fact]
    public void Nor_can_there_be_none() => Assert.Throws<ArgumentException>(() => new WebhookVerifier(Array.Empty<string>()));

    [Fact]
    public void The_sample_tells_what_it_hears()
    {
        var told = new List<string>();
        var news = new Sample.BillingNews(new WebhookVerifier(Secret, _clock), told.Add);
        Assert.Equal(204, news.Take(Encoding.UTF8.GetBytes(Body), name => Headers(Body).GetValueOrDefault(name)));
        Assert.Equal(["ada has 2.25 credits left."], told);
        Assert.Equal(401, news.Take(Encoding.UTF8.GetBytes(Body), _ => null));
    }

    private WebhookVerdict Verify(string body, DateTimeOffset? sentAt = null, string[]? signer = null, string[]? verifier = null) => Verify(body, Headers(body, sentAt, signer), verifier);

    private WebhookVerdict Verify(string body, System.Collections.Immutable.ImmutableDictionary<string, string> headers, string[]? verifier = null) =>
        new WebhookVerifier(verifier ?? [Secret], _clock).Verify(Encoding.UTF8.GetBytes(body), name => headers.GetValueOrDefault(name));

    private System.Collections.Immutable.ImmutableDictionary<string, string> Headers(string body, DateTimeOffset? sentAt = null, string[]? signer = null) =>
        System.Collections.Immutable.ImmutableDictionary.CreateRange(WebhookSignature.Headers("evt_1", sentAt ?? _clock.GetUtcNow(), Encoding.UTF8.GetBytes(body), signer ?? [Secret]).Select(header => KeyValuePair.Create(header.Name, header.Value)));

    private static BillingEvent Accepted(WebhookVerdict verdict) => Assert.IsType<WebhookVerdict.Accepted>(verdict).Event;

    private static WebhookFault? FaultOf(WebhookVerdict verdict) => (verdict as WebhookVerdict.Rejected)?.Fault;
}
