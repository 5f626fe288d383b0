using System.Net.Http.Headers;

namespace Billing.Client.Tests;

/// <summary>What is lost or answered with "later" is sent again, never as another request, and not for ever.</summary>
public sealed class RetryTests
{
    private static readonly GenerationRequest Images = new() { Parameters = { ["size"] = "4K" } };

    [Fact]
    public async Task What_is_lost_is_sent_again_with_the_same_key_and_body()
    {
        var wire = new Wire(Wire.Breaks(), Wire.Says(503), Wire.Says(201, Wire.Running));
        Assert.IsType<Admission.Admitted>(await wire.Client().AdmitAsync("customer-key", Images));
        Assert.Equal(3, wire.Sent.Count);
        Assert.All(wire.Sent, sent => Assert.Equal(wire.Sent[0].Body, sent.Body));
        Assert.Single(wire.Sent.Select(sent => sent.Headers["Idempotency-Key"]).Distinct());
    }

    [Fact]
    public async Task Two_admits_without_a_key_are_two_admits()
    {
        var wire = new Wire(Wire.Says(201, Wire.Running), Wire.Says(201, Wire.Running));
        var client = wire.Client();
        await client.AdmitAsync("customer-key", Images);
        await client.AdmitAsync("customer-key", Images);
        Assert.NotEqual(wire.Sent[0].Headers["Idempotency-Key"], wire.Sent[1].Headers["Idempotency-Key"]);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task What_can_be_cured_by_waiting_is_tried_again(int status)
    {
        var wire = new Wire(Wire.Says(status), Wire.Says(200, Wire.Running));
        await wire.Client().CompleteAsync("gen_1");
        Assert.Equal(2, wire.Sent.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(402)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task A_refusal_is_not_tried_again(int status)
    {
        var wire = new Wire(Wire.Refuses(status, "CODE"));
        var refused = Assert.IsType<Admission.Refused>(await wire.Client().AdmitAsync("customer-key", Images));
        Assert.Equal((status, "CODE", "It is refused."), (refused.Problem.Status, refused.Problem.Code, refused.Problem.Detail));
        Assert.Single(wire.Sent);
    }

    [Fact]
    public async Task The_tries_end_and_each_wait_is_longer_than_the_one_before()
    {
        var wire = new Wire(Enumerable.Repeat(Wire.Says(503), 4));
        var exception = await Assert.ThrowsAsync<BillingException>(() => wire.Client().AdmitAsync("customer-key", Images));
        Assert.Equal((503, 4), (exception.Status, wire.Sent.Count));
        Assert.Collection(wire.Clock.Waits, wait => IsBetween(100, 200, wait), wait => IsBetween(200, 400, wait), wait => IsBetween(400, 800, wait));
    }

    [Fact]
    public async Task When_nobody_answers_the_exception_says_why()
    {
        var wire = new Wire(Wire.Breaks(), Wire.Breaks());
        var exception = await Assert.ThrowsAsync<BillingException>(() => wire.Client(new BillingClientOptions { MaxAttempts = 2 }).CompleteAsync("gen_1"));
        Assert.Null(exception.Status);
        Assert.Equal("The connection broke.", exception.InnerException!.Message);
    }

    [Fact]
    public async Task The_backend_says_in_seconds_how_long_to_wait()
    {
        var wire = new Wire(Wire.Says(503, retryAfter: new RetryConditionHeaderValue(TimeSpan.FromSeconds(3))), Wire.Says(200, Wire.Running));
        await wire.Client().CompleteAsync("gen_1");
        Assert.Equal([TimeSpan.FromSeconds(3)], wire.Clock.Waits);
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(-60, 0)]
    public async Task Or_it_says_until_when(int seconds, int waited)
    {
        var clock = new HastyClock().GetUtcNow();
        var wire = new Wire(Wire.Says(429, retryAfter: new RetryConditionHeaderValue(clock.AddSeconds(seconds))), Wire.Says(200, Wire.Running));
        await wire.Client().CompleteAsync("gen_1");
        // A wait for nothing needs no timer.
        Assert.Equal(waited == 0 ? [] : [TimeSpan.FromSeconds(waited)], wire.Clock.Waits);
    }

    [Fact]
    public async Task Nobody_waits_for_a_rate_limit_that_lasts_too_long()
    {
        var wire = new Wire(Wire.Refuses(429, ProblemCodes.TooManyRequests, new RetryConditionHeaderValue(TimeSpan.FromMinutes(40))));
        var refused = Assert.IsType<Admission.Refused>(await wire.Client().AdmitAsync("customer-key", Images));
        Assert.Equal(ProblemCodes.TooManyRequests, refused.Problem.Code);
        Assert.Empty(wire.Clock.Waits);
    }

    [Fact]
    public async Task Nor_for_a_backend_that_is_away_for_too_long()
    {
        var wire = new Wire(Wire.Says(503, retryAfter: new RetryConditionHeaderValue(TimeSpan.FromMinutes(40))));
        Assert.Equal(503, (await Assert.ThrowsAsync<BillingException>(() => wire.Client().CompleteAsync("gen_1"))).Status);
        Assert.Empty(wire.Clock.Waits);
    }

    [Fact]
    public async Task A_try_that_takes_too_long_is_lost()
    {
        var wire = new Wire(Wire.Hangs(), Wire.Says(200, Wire.Running));
        await wire.Client(timeout: TimeSpan.FromMilliseconds(50)).CompleteAsync("gen_1");
        Assert.Equal(2, wire.Sent.Count);
    }

    [Fact]
    public async Task Who_gives_up_while_it_is_sent_gets_no_further_try()
    {
        using var giveUp = new CancellationTokenSource();
        var wire = new Wire(Wire.Hangs(giveUp.Cancel));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wire.Client().AdmitAsync("customer-key", Images, cancellation: giveUp.Token));
        Assert.Single(wire.Sent);
    }

    [Fact]
    public async Task Who_gives_up_between_two_tries_gets_no_further_try()
    {
        using var giveUp = new CancellationTokenSource();
        var wire = new Wire(Wire.Says(503)) { Clock = { Waiting = giveUp.Cancel } };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wire.Client().AdmitAsync("customer-key", Images, cancellation: giveUp.Token));
        Assert.Single(wire.Sent);
    }

    private static void IsBetween(int least, int most, TimeSpan wait) => Assert.InRange(wait.TotalMilliseconds, least, most);
}
