using Billing.Engine.Committing;
using Billing.Engine.Rows;
using Billing.Events;
using Billing.Tests.Committing;
using Billing.Webhooks;
using Billing.Workspaces;

namespace Billing.Tests.Webhooks.Deliveries;

public sealed class EndpointTests
{
    [Fact]
    public async Task A_workspace_has_twenty_endpoints_at_most()
    {
        var post = await Post.OpenAsync();
        for (var i = 0; i < 20; i++)
        {
            await post.ListenAsync();
        }

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => post.ListenAsync());
        Assert.Contains(RefusalCodes.Conflict, refused.Message);
        Assert.Equal(20, post.World.Rows(WebhookEndpoint.Prefix).Length);
        await post.DecideAsync(RowJson.Read<WebhookEndpoint>(post.World.Rows(WebhookEndpoint.Prefix)[3].Data).Id, unit => EndpointDecisions.Delete(unit, RowJson.Read<WebhookEndpoint>(post.World.Rows(WebhookEndpoint.Prefix)[3].Data).Id));
        await post.ListenAsync();
        Assert.Equal(20, (await post.World.AccountAsync()).Subscribers.Length);
    }

    [Theory]
    [InlineData(10, 5, true, true)]
    [InlineData(10, 10, false, true)]
    [InlineData(10, 11, false, true)]
    [InlineData(10, null, true, true)]
    [InlineData(0, null, true, false)]
    [InlineData(0, 1, false, false)]
    public async Task An_endpoint_created_below_its_threshold_waits_for_credits(long credits, int? threshold, bool low, bool exhausted)
    {
        var post = await Post.OpenAsync(credits: credits);
        await post.ListenAsync(threshold: threshold);
        var subscriber = (await post.World.AccountAsync()).Subscribers.Single();
        Assert.Equal((low, exhausted), (subscriber.LowArmed, subscriber.ExhaustedArmed));
        await post.DoAsync(post.World.Give(1));
        subscriber = (await post.World.AccountAsync()).Subscribers.Single();
        Assert.Equal((true, true), (subscriber.LowArmed, subscriber.ExhaustedArmed));
    }

    [Fact]
    public async Task Both_secrets_sign_for_24_hours_after_a_rotation()
    {
        var post = await Post.OpenAsync();
        var endpoint = await post.ListenAsync();
        var machine = post.Start();
        var secret = WebhookSignature.NewSecret(new byte[40]);
        await post.DecideAsync(endpoint.Id, unit => EndpointDecisions.Rotate(unit, endpoint.Id, secret));

        await post.BuyAsync("pay_1");
        await post.PumpAsync(machine);
        Assert.Equal((true, true), (Verifies(post, secret), Verifies(post, endpoint.Secret)));

        post.Pass(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        await post.BuyAsync("pay_2");
        await post.PumpAsync(machine);
        Assert.Equal((true, true), (Verifies(post, secret), Verifies(post, endpoint.Secret)));

        post.Pass(TimeSpan.FromMilliseconds(1));
        await post.BuyAsync("pay_3");
        await post.PumpAsync(machine);
        Assert.Equal((true, false), (Verifies(post, secret), Verifies(post, endpoint.Secret)));
        Assert.Equal(3, post.Receivers.All.Count);
    }

    [Fact]
    public async Task Secrets_that_still_sign_are_not_pushed_out_by_more_rotations()
    {
        var post = await Post.OpenAsync();
        var endpoint = await post.ListenAsync();
        Task<WebhookEndpoint> RotateAsync(byte seed) =>
            post.DecideAsync(endpoint.Id, unit => EndpointDecisions.Rotate(unit, endpoint.Id, WebhookSignature.NewSecret(Enumerable.Repeat(seed, 24).ToArray())));
        for (byte i = 1; i <= EndpointDecisions.MostFormerSecrets; i++)
        {
            await RotateAsync(i);
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => RotateAsync(99));
        Assert.Equal(1 + EndpointDecisions.MostFormerSecrets, post.Endpoint(endpoint.Id).SecretsAt(post.Now).Length);
        post.Pass(TimeSpan.FromHours(24));
        Assert.Single((await RotateAsync(99)).FormerSecrets);
    }

    [Fact]
    public async Task A_ping_goes_to_the_tested_endpoint_alone()
    {
        var post = await Post.OpenAsync();
        var endpoint = await post.ListenAsync(events: EventTypes.CreditsLow);
        await post.ListenAsync();
        var told = await post.DecideAsync(endpoint.Id, unit => EndpointDecisions.Test(unit, endpoint.Id));
        await post.PumpAsync(post.Start());
        var received = Assert.Single(post.Receivers.All);
        Assert.Equal((endpoint.Url, EventTypes.Ping), (received.Url, received.Type));
        Assert.Equal(told.RowKey, Assert.Single(post.Deliveries(endpoint)).RowKey);
    }

    [Fact]
    public async Task Nothing_can_be_done_to_an_endpoint_that_is_not_there()
    {
        var post = await Post.OpenAsync();
        var id = (await post.ListenAsync()).Id;
        await post.DecideAsync(id, unit => EndpointDecisions.Delete(unit, id));
        foreach (var decide in new Func<UnitOfWork, object>[]
        {
            unit => EndpointDecisions.Delete(unit, id),
            unit => EndpointDecisions.Test(unit, id),
            unit => EndpointDecisions.Rotate(unit, id, "whsec_"),
            unit => EndpointDecisions.Disable(unit, id, DisabledReason.Gone),
            unit => EndpointDecisions.Enable(unit, id),
        })
        {
            var outcome = await post.DoAsync(new Work<object>((unit, _) => decide(unit)) { Reads = [WebhookEndpoint.KeyOf(id)] });
            Assert.Equal(RefusalCodes.NotFound, ((Refusal)outcome.GetType().GetProperty("Refusal")!.GetValue(outcome)!).Code);
        }
    }

    [Fact]
    public async Task An_id_names_its_delivery_and_no_other_endpoints()
    {
        var post = await Post.OpenAsync();
        var (one, other) = (await post.ListenAsync(), await post.ListenAsync());
        var id = WebhookDelivery.New(one.Key, 12, "", post.Now).IdIn(World.WorkspaceId);
        Assert.StartsWith("dlv_0123456789abcdef", id);
        Assert.Equal(WebhookDelivery.KeyOf(one.Key, 12), ReplayDecision.Of(one.Id, id)!.Reads[1]);
        Assert.Null(ReplayDecision.Of(other.Id, id));
        Assert.Null(ReplayDecision.Of(one.Id, id[..^1]));
        Assert.Null(ReplayDecision.Of(one.Id, "dlv_" + new string('a', 16) + id[20..]));
        Assert.Null(ReplayDecision.Of(one.Id, ""));
        Assert.Null(DeliveryId.Parse(Ids.Of("dlv", World.WorkspaceId, 12)));
    }

    private static bool Verifies(Post post, string secret)
    {
        var received = post.Receivers.All[^1];
        return WebhookSignature.Verify(
            secret, received.EventId, received.SentAt.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), received.Signatures, received.Body);
    }
}
