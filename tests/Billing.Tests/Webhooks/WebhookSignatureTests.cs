using System.Globalization;
using System.Text;
using Billing.Webhooks;

namespace Billing.Tests.Webhooks;

public sealed class WebhookSignatureTests
{
    private static readonly DateTimeOffset SentAt = DateTimeOffset.FromUnixTimeSeconds(1614265330);
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("{\"test\": 2432232314}");
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Timestamp = "1614265330";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    [Fact]
    public void The_published_example_is_signed_as_published()
    {
        Assert.Equal(Signature, WebhookSignature.Sign(Id, SentAt, Body, Secret));
        Assert.Equal(
            [("webhook-id", Id), ("webhook-timestamp", Timestamp), ("webhook-signature", Signature)],
            WebhookSignature.Headers(Id, SentAt.AddMilliseconds(999), Body, Secret).ToArray());
        Assert.True(WebhookSignature.Verify(Secret, Id, Timestamp, Signature, Body));
    }

    [Fact]
    public void While_a_secret_is_rotated_either_of_the_two_verifies()
    {
        var newer = WebhookSignature.NewSecret(Enumerable.Range(0, 32).Select(value => (byte)value).ToArray());
        var signatures = WebhookSignature.Sign(Id, SentAt, Body, newer, Secret);
        Assert.Equal(2, signatures.Split(' ').Length);
        Assert.EndsWith(" " + Signature, signatures, StringComparison.Ordinal);
        Assert.True(WebhookSignature.Verify(newer, Id, Timestamp, signatures, Body));
        Assert.True(WebhookSignature.Verify(Secret, Id, Timestamp, signatures, Body));
        Assert.False(WebhookSignature.Verify(WebhookSignature.NewSecret(new byte[24]), Id, Timestamp, signatures, Body));
    }

    [Fact]
    public void Nothing_that_is_signed_can_be_changed()
    {
        Assert.False(WebhookSignature.Verify(Secret, Id + "x", Timestamp, Signature, Body));
        Assert.False(WebhookSignature.Verify(Secret, Id, "1614265331", Signature, Body));
        Assert.False(WebhookSignature.Verify(Secret, Id, Timestamp, Signature, [.. Body, 32]));
        Assert.False(WebhookSignature.Verify(Secret, Id, Timestamp, Signature.Replace('g', 'h'), Body));
        Assert.False(WebhookSignature.Verify(Secret, Id, Timestamp, "v1a" + Signature[2..], Body));
        Assert.False(WebhookSignature.Verify(Secret, Id, Timestamp, "", Body));
        Assert.False(WebhookSignature.Verify("whsec_", Id, Timestamp, Signature, Body));
        Assert.True(WebhookSignature.Verify(Secret, Id, Timestamp, "v1a,AAAA v2,xyz " + Signature, Body));
        Assert.True(WebhookSignature.Verify(Secret, Id, Timestamp, $"{Signature} {Signature}", Body));
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(25, true)]
    [InlineData(32, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_secret_holds_24_to_64_bytes(int bytes, bool taken)
    {
        var secret = "whsec_" + Convert.ToBase64String(new byte[bytes]);
        Assert.Equal(taken, WebhookSignature.IsSecret(secret));
        if (taken)
        {
            Assert.Equal(secret, WebhookSignature.NewSecret(new byte[bytes]));
        }
        else
        {
            Assert.Throws<ArgumentException>(() => WebhookSignature.NewSecret(new byte[bytes]));
            Assert.Throws<ArgumentException>(() => WebhookSignature.Sign(Id, SentAt, Body, secret));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("whsec_not base64!")]
    [InlineData("WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void What_is_no_secret_is_refused(string? text) => Assert.False(WebhookSignature.IsSecret(text));

    [Fact]
    public void An_id_that_would_blur_what_is_signed_is_refused()
    {
        Assert.Throws<ArgumentException>(() => WebhookSignature.Sign("evt_1.2", SentAt, Body, Secret));
        Assert.Throws<ArgumentException>(() => WebhookSignature.Sign("", SentAt, Body, Secret));
        Assert.Throws<ArgumentException>(() => WebhookSignature.Sign(Id, SentAt, Body));
        Assert.Equal(Timestamp, SentAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
    }
}
