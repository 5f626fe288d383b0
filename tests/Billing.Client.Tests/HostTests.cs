using Sample;

namespace Billing.Client.Tests;

/// <summary>The client and the README's sample against a running Host.</summary>
public sealed class HostTests(RunningHost host) : IClassFixture<RunningHost>
{
    private readonly BillingClient _client = host.Client;

    [Fact]
    public async Task A_generation_is_admitted_kept_alive_and_completed_in_part()
    {
        var key = await host.CustomerAsync("bloom", "plus");
        var before = await _client.GetCreditsAsync(key);
        var admitted = await AdmitAsync(key, Images(3));
        Assert.Equal(("running", 6, 3, before.Credits - 6), (admitted.Status, admitted.Cost, admitted.Units, admitted.Credits));
        Assert.False(admitted.Entitlements["watermark"].GetBoolean());

        var alive = await _client.HeartbeatAsync(admitted.Id);
        Assert.True(alive.ExpiresAt >= admitted.ExpiresAt);
        var settled = await _client.CompleteAsync(admitted.Id, succeededUnits: 2);
        Assert.Equal(("completed", 2), (settled.Status, settled.SucceededUnits));
        Assert.Equal("completed", (await _client.GetGenerationAsync(key, admitted.Id)).Status);
        Assert.Equal(ProblemCodes.AlreadySettled, await RefusedAsync(() => _client.FailAsync(admitted.Id, FailReasons.ServerError)));
    }

    [Fact]
    public async Task One_attempt_is_charged_once()
    {
        var key = await host.CustomerAsync("bloom", "plus");
        var first = await AdmitAsync(key, Images(1), "order-1");
        Assert.Equal(first.Id, (await AdmitAsync(key, Images(1), "order-1")).Id);
        var other = Assert.IsType<Admission.Refused>(await _client.AdmitAsync(key, Images(2), "order-1"));
        Assert.Equal(ProblemCodes.IdempotencyKeyReused, other.Problem.Code);
        Assert.Equal(first.Credits, (await _client.GetCreditsAsync(key)).Credits);
    }

    [Fact]
    public async Task A_generation_that_failed_is_refunded()
    {
        var key = await host.CustomerAsync("bluma", "starter");
        var admitted = await AdmitAsync(key, new GenerationRequest { Parameters = { ["template_id"] = "news-anchor" } });
        Assert.Equal("failed", (await _client.FailAsync(admitted.Id, FailReasons.RenderingError)).Status);
        await Billing.Testing.Eventually.SeeAsync(() => _client.GetCreditsAsync(key), seen => seen.Credits == 100);
    }

    [Fact]
    public async Task A_batch_is_charged_at_once()
    {
        var key = await host.CustomerAsync("bloom");
        var batch = await _client.AdmitBatchAsync(key, [Images(2), Images(4)], BatchMode.BestEffort);
        Assert.Equal((4, 6), (batch.Charged.Credits, batch.Credits));
        Assert.Equal([("running", null), ("refused", ProblemCodes.InsufficientCredits)], batch.Results.Select(item => (item.Status, item.Code)));
        Assert.Equal(ProblemCodes.InsufficientCredits, await RefusedAsync(() => _client.AdmitBatchAsync(key, [Images(4)])));
    }

    [Fact]
    public async Task A_batch_is_settled_at_once_and_each_of_it_by_itself()
    {
        var key = await host.CustomerAsync("bloom", "plus");
        var ids = (await _client.AdmitBatchAsync(key, [Images(2), Images(3)])).Results.Select(item => item.Id!).ToList();
        Settlement[] items = [Settlement.Completed(ids[0]), Settlement.Failed(ids[1], FailReasons.ServerError), Settlement.Failed(ids[0], FailReasons.ServerError), Settlement.Failed(ids[0], "boredom")];
        var results = (await _client.SettleAsync(items)).Results;
        Assert.Equal(
            [("settled", "completed", null), ("settled", "failed", null), ("refused", null, ProblemCodes.AlreadySettled), ("refused", null, ProblemCodes.InvalidRequest)],
            results.Select(item => (item.Status, item.Generation?.Status, item.Code)));
        Assert.Contains("reason", results[3].Errors!);
        Assert.Equal(["settled", "settled"], (await _client.SettleAsync(items[..2])).Results.Select(item => item.Status));
    }

    [Fact]
    public async Task A_quote_tells_the_price_and_keeps_it()
    {
        var key = await host.CustomerAsync("bloom");
        var quote = await _client.QuoteAsync(key, Images(5));
        Assert.Equal((10, 5, true), (quote.Cost, quote.Units, quote.Affordable));
        Assert.Equal(10, (await AdmitAsync(key, new GenerationRequest { Quote = quote.Token })).Cost);
    }

    [Fact]
    public async Task A_check_tells_what_admitting_would_and_takes_nothing()
    {
        var key = await host.CustomerAsync("bloom");
        var check = await _client.CheckAsync(key, Images(6));
        Assert.Equal((false, ProblemCodes.InsufficientCredits, 12, 10, 2), (check.Allowed, check.Code, check.Cost, check.Credits, check.Shortfall));
        Assert.Equal(5, check.MaxAffordable!["variant_count"]);
        Assert.Null((await _client.CheckAsync(key, Images(5))).Code);
        Assert.Equal(10, (await _client.GetCreditsAsync(key)).Credits);
    }

    [Fact]
    public async Task A_customer_is_named_by_its_workspace()
    {
        var key = await host.CustomerAsync("bloom");
        var workspaceId = (await AdmitAsync(key, Images(1))).WorkspaceId;
        Assert.Equal((true, 8), (await AdmitAsync(Customer.OfWorkspace(workspaceId, testMode: true), Images(6))) is var test ? (test.TestMode, test.Credits) : default);
        Assert.Equal((false, 6), (await AdmitAsync(Customer.OfWorkspace(workspaceId), Images(1))) is var live ? (live.TestMode, live.Credits) : default);
        var refused = await _client.AdmitAsync(Customer.OfWorkspace("ws_0000000000000000"), Images(1));
        Assert.Equal(ProblemCodes.NotFound, Assert.IsType<Admission.Refused>(refused).Problem.Code);
    }

    [Fact]
    public async Task What_is_wrong_with_a_request_is_named()
    {
        var refused = await _client.AdmitAsync(await host.CustomerAsync("bloom"), new GenerationRequest { Parameters = { ["sise"] = "4K" } });
        Assert.Contains("sise", Assert.IsType<Admission.Refused>(refused).Problem.Errors!);
    }

    [Fact]
    public async Task The_sample_serves_an_order_once_and_says_when_credits_run_out()
    {
        var user = Guid.NewGuid().ToString();
        var shown = new List<string>();
        var orders = new ImageOrders(_client, (generation, _) => Task.FromResult((int)generation.Units), shown.Add);
        await orders.TakeAsync(user, "order-1");
        await orders.TakeAsync(user, "order-1");
        await orders.TakeAsync(user, "order-2");
        Assert.Collection(
            shown,
            first => Assert.Equal("3 of 3 images are ready.", first),
            again => Assert.Equal("This order was taken before.", again),
            second => Assert.StartsWith("That costs 6 credits, and 4 are left. Buy more at http", second, StringComparison.Ordinal));
    }

    private static GenerationRequest Images(int variants) => new() { Parameters = { ["size"] = "4K", ["variant_count"] = variants } };

    private async Task<Generation> AdmitAsync(Customer customer, GenerationRequest request, string? idempotencyKey = null) =>
        Assert.IsType<Admission.Admitted>(await _client.AdmitAsync(customer, request, idempotencyKey)).Generation;

    private static async Task<string> RefusedAsync(Func<Task> call) => (await Assert.ThrowsAsync<BillingRefusedException>(call)).Problem.Code;
}
