using Billing.Webhooks;

namespace Billing.Tests.Webhooks;

public sealed class WebhookUrlTests
{
    [Theory]
    [InlineData("https://example.com")]
    [InlineData("https://example.com/hooks/billing?tenant=7")]
    [InlineData("https://sub.example.co.uk:8443/")]
    [InlineData("https://example.com:1024/")]
    [InlineData("https://bücher.example/hook")]
    [InlineData("https://8.8.8.8/hook")]
    [InlineData("https://[2606:4700:4700::1111]/hook")]
    [InlineData("https://example.com/a@b")]
    public void A_public_https_url_is_taken(string url)
    {
        Assert.Null(WebhookUrl.MistakeIn(url, development: false));
        Assert.Null(WebhookUrl.MistakeIn(url, development: true));
    }

    [Theory]
    [InlineData("http://localhost:5000/hook")]
    [InlineData("http://127.0.0.1:5000/hook")]
    [InlineData("http://[::1]:5000/hook")]
    [InlineData("http://example.com:80/hook")]
    [InlineData("https://receiver/hook")]
    [InlineData("http://2130706433/")]
    public void Plain_http_and_loopback_are_for_development(string url)
    {
        Assert.Null(WebhookUrl.MistakeIn(url, development: true));
        Assert.NotNull(WebhookUrl.MistakeIn(url, development: false));
    }

    [Theory]
    [InlineData("")]
    [InlineData("example.com")]
    [InlineData("/hook")]
    [InlineData("https:///hook")]
    [InlineData("ftp://example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://user@example.com/")]
    [InlineData("https://user:secret@example.com/")]
    [InlineData("https://example.com/#fragment")]
    [InlineData("https://example.com/a b")]
    [InlineData("https://example.com/a\u007fb")]
    [InlineData("https://example.com:0/")]
    [InlineData("https://./")]
    [InlineData("https://example.com\\@10.0.0.1/")]
    [InlineData("https://example.com/\r\nHost: other")]
    [InlineData("https://10.0.0.1/")]
    [InlineData("https://192.168.1.1/")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://0x0a.1/")]
    [InlineData("https://[fd00::1]/")]
    [InlineData("https://[fe80::1%25eth0]/")]
    [InlineData("https://[::ffff:127.0.0.1]/")]
    [InlineData("https://[::ffff:8.8.8.8]/")]
    public void Anything_else_is_refused_everywhere(string url)
    {
        Assert.NotNull(WebhookUrl.MistakeIn(url, development: false));
        Assert.NotNull(WebhookUrl.MistakeIn(url, development: true));
    }

    [Theory]
    [InlineData("https://localhost/")]
    [InlineData("https://localhost./")]
    [InlineData("https://a.localhost/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://0.0.0.0/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://intranet/")]
    [InlineData("https://example.com:25/")]
    [InlineData("https://example.com:1023/")]
    [InlineData("https://example.com:22/")]
    [InlineData("https://example.com:80/")]
    public void What_is_not_public_is_refused_outside_development(string url) => Assert.NotNull(WebhookUrl.MistakeIn(url, development: false));

    [Fact]
    public void A_url_has_2000_characters_at_most()
    {
        var url = "https://example.com/".PadRight(2_000, 'a');
        Assert.Null(WebhookUrl.MistakeIn(url, development: false));
        Assert.NotNull(WebhookUrl.MistakeIn(url + "a", development: false));
    }

    [Fact]
    public void Whatever_a_url_is_made_of_there_is_an_answer()
    {
        string[] parts = ["https", "http", "://", ":", "/", "//", "@", "#", "?", "%", "[", "]", "::1", "10.0.0.1", "example.com", "ü", "xn--", ".", "..", "\ud800", "\u2028", "-", "_", "99999", ":443", "0x", new string('ü', 70), new string('a', 300)];
        var random = new Random(5);
        var taken = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var url = (random.Next(2) == 0 ? "https://" : "") + string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => parts[random.Next(parts.Length)]));
            if (WebhookUrl.MistakeIn(url, development: false) is null)
            {
                Assert.Equal(("https", ""), (new Uri(url).Scheme, new Uri(url).UserInfo));
                taken++;
            }
        }

        Assert.True(taken > 100);
    }
}
