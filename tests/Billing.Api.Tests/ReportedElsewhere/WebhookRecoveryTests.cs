using System.Collections.Concurrent;
using System.Text.Json;
using Billing.Api.Admin;
using Billing.Api.Jobs;
using Billing.Api.Tests.Telemetry;
using Billing.Api.Webhooks;
using Billing.Engine.Committing;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Engine.Webhooks;
using Billing.Storage;
using Billing.Testing;
using Billing.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Api.Tests.ReportedElsewhere;

/// <summary>An endpoint was off for a while, and what it missed is asked for.</summary>
public sealed class WebhookRecoveryTests : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _sent = new();
    private readonly Backstage _backstage;
    private int _status = 410;
    private int _bought;

    public WebhookRecoveryTests() => _backstage = new Backstage(change: services => services.AddSingleton(provider => new WebhookPorts(
        provider.GetRequiredService<ITableStore>(),
        provider.GetRequiredService<IMessageQueue>(),
        provider.GetRequiredService<WorkspaceWriter>(),
        provider.GetRequiredService<TimeProvider>(),
        SendAsync,
        _ => Task.CompletedTask,
        Task.Delay)));

    // What happened while an endpoint was off was told to nobody, and was gone when it was on again.
    [Fact]
    public async Task What_happens_while_it_is_disabled_is_kept_for_it()
    {
        var (workspace, key, hook) = await DisabledAsync();
        await BuyAsync(workspace);
        await BuyAsync(workspace);
        _status = 200;
        Assert.Equal(3, Count(await RecoverAsync(key, hook)));
        await PumpAsync();
        Assert.Equal(4, _sent.Count);
        Assert.Equal(3, _sent.Distinct().Count());
    }

    // Whoever was back on hit a counter that was full still: the first hiccup switched it off again.
    [Theory]
    [InlineData(410)]
    [InlineData(500)]
    public async Task One_failure_after_it_does_not_disable_it_again(int before)
    {
        var (workspace, key, hook) = await DisabledAsync(before);
        _backstage.MoveTo("2025-11-09T00:00:00Z");
        _status = 500;
        Assert.True(Count(await RecoverAsync(key, hook)) > 0);
        await PumpAsync();
        Assert.Equal("enabled", (await ShownAsync(key)).GetProperty("status").GetString());

        // It has its five days anew, and no more of them.
        _backstage.MoveTo("2025-11-13T23:00:00Z");
        await BuyAsync(workspace);
        Assert.Equal("enabled", (await ShownAsync(key)).GetProperty("status").GetString());
        _backstage.MoveTo("2025-11-14T00:00:00Z");
        await BuyAsync(workspace);
        Assert.Equal("disabled", (await ShownAsync(key)).GetProperty("status").GetString());
    }

    // Whoever asked for everything since an instant got what had arrived, too.
    [Fact]
    public async Task What_has_arrived_is_not_sent_again()
    {
        _status = 200;
        var (workspace, key, hook) = await OpenAsync();
        await BuyAsync(workspace);
        _status = 410;
        await BuyAsync(workspace);
        _status = 200;
        Assert.Equal(1, Count(await RecoverAsync(key, hook)));
        await PumpAsync();
        Assert.Equal(3, _sent.Count);
    }

    // A second click while the first was under way sent everything twice.
    [Fact]
    public async Task Asked_for_twenty_times_at_once_it_is_sent_once()
    {
        await using var other = new Backstage(change: services => services.AddSingleton<ITableStore>(_backstage.Store).AddSingleton<IMessageQueue>(_backstage.Messages));
        var (workspace, key, hook) = await DisabledAsync();
        await BuyAsync(workspace);
        _status = 200;
        var counts = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
            Count(await (i % 2 == 0 ? _backstage : other).SendAsync(RecoverWebhook.Endpoint, key, new { since = "2025-11-01T00:00:00Z" }, hook))));
        Assert.Equal(2, counts.Sum());
        await PumpAsync();
        Assert.Equal(3, _sent.Count);
    }

    // What was about to be tried again was sent at once besides, and its schedule went on.
    [Fact]
    public async Task What_is_to_be_tried_again_anyway_is_left_to_its_schedule()
    {
        _status = 500;
        var (workspace, key, hook) = await OpenAsync();
        await BuyAsync(workspace);
        Assert.Equal(0, Count(await RecoverAsync(key, hook)));
        await PumpAsync();
        Assert.Single(_sent);
    }

    // Pages were counted off from the newest: what failed meanwhile moved others from one page to the next, and they were asked for twice or never.
    [Fact]
    public async Task What_fails_between_two_pages_moves_nothing()
    {
        var (workspace, key, hook) = await DisabledAsync();
        for (var i = 0; i < 59; i++)
        {
            await BuyAsync(workspace);
        }

        var first = await RecoverAsync(key, hook);
        Assert.Equal(50, Count(first));
        _status = 410;
        await PumpAsync();
        await BuyAsync(workspace);
        _status = 200;
        var second = await RecoverAsync(key, hook, first.GetProperty("next_cursor").GetString());
        Assert.Equal((10, JsonValueKind.Null), (Count(second), second.GetProperty("next_cursor").ValueKind));
        var rest = await RecoverAsync(key, hook);
        Assert.Equal((50, 1), (Count(rest), Count(await RecoverAsync(key, hook, rest.GetProperty("next_cursor").GetString()))));
    }

    // Given when it had been disabled, the one that had disabled it was just before that, and was missed.
    [Fact]
    public async Task Since_it_was_disabled_holds_what_disabled_it()
    {
        var (_, key, hook) = await DisabledAsync(500);
        var since = (await ShownAsync(key)).GetProperty("disabled_at").GetString();
        var disabling = Deliveries().Where(one => one.GivenUpAt >= DateTimeOffset.Parse(since!, null)).ToList();
        Assert.NotEmpty(disabling);
        _status = 200;
        Assert.Equal(disabling.Count, Count(await _backstage.SendAsync(RecoverWebhook.Endpoint, key, new { since }, hook)));
    }

    // Who was put out of a team switched the team's news to its own server on again.
    [Fact]
    public async Task Nobody_recovers_what_somebody_made_who_left()
    {
        var (workspace, key, hook) = await OpenAsync();
        var row = (await _backstage.Store.ReadAsync(new Partition(Table.Ledger, workspace), WebhookEndpoint.KeyOf(hook), default))!;
        var left = RowJson.Read<WebhookEndpoint>(row.Data) with { Disabled = new Disabling(DisabledReason.MemberLeft, DateTimeOffset.Parse("2025-11-01T00:00:00Z", null)) };
        _backstage.Store.Arrive(new Partition(Table.Ledger, workspace), [new RowWrite(WriteKind.Put, RowJson.ToRow(left))]);
        Assert.Equal("CONFLICT", (await RecoverAsync(key, hook)).GetProperty("code").GetString());
        Assert.Equal("member_left", (await ShownAsync(key)).GetProperty("disabled_reason").GetString());
    }

    public ValueTask DisposeAsync() => _backstage.DisposeAsync();

    private async Task<(string WorkspaceId, string Key, string Hook)> OpenAsync()
    {
        var (workspace, key) = await _backstage.OpenAsync("bluma");
        var hook = await _backstage.SendAsync(CreateWebhook.Endpoint, key, new { url = "http://127.0.0.1:9/hook", events = new[] { "credits.topped_up" } });
        return (workspace, key, hook.GetProperty("id").GetString()!);
    }

    /// <summary>An endpoint that is disabled after one event, at once or after five days.</summary>
    private async Task<(string WorkspaceId, string Key, string Hook)> DisabledAsync(int status = 410)
    {
        _status = status;
        var (workspace, key, hook) = await OpenAsync();
        await BuyAsync(workspace);
        if (status != 410)
        {
            _backstage.MoveTo("2025-11-06T00:00:00Z");
            await BuyAsync(workspace);
        }

        Assert.Equal("disabled", (await ShownAsync(key)).GetProperty("status").GetString());
        return (workspace, key, hook);
    }

    private Task<JsonElement> RecoverAsync(string key, string hook, string? cursor = null) =>
        _backstage.SendAsync(RecoverWebhook.Endpoint, key, new { since = "2025-11-01T00:00:00Z", cursor }, hook);

    private async Task<JsonElement> ShownAsync(string key) => (await _backstage.SendAsync(ListWebhooks.Endpoint, key)).GetProperty("webhooks")[0];

    private async Task BuyAsync(string workspace)
    {
        await _backstage.OperatorAsync(CreateTopUp.Endpoint, new { credits = 20, reference = $"pay_{++_bought}" }, workspace);
        await PumpAsync();
    }

    private IEnumerable<WebhookDelivery> Deliveries() => _backstage.Store.RowsOf(Table.Ledger)
        .Where(found => found.Row.Key.StartsWith(WebhookDelivery.Prefix, StringComparison.Ordinal)).Select(found => RowJson.Read<WebhookDelivery>(found.Row.Data));

    private async Task PumpAsync()
    {
        // A message that nobody revealed shows itself after a minute.
        _backstage.Messages.Advance(TimeSpan.FromMinutes(2));
        while (_backstage.Messages.Drain(Queues.Webhooks) is { Length: > 0 } messages)
        {
            foreach (var (_, message, id, receipt) in messages)
            {
                await _backstage.Get<MessageDispatcher>().ConsumeAsync(new ShardQueue(0, Queues.Webhooks), new ReceivedMessage(id, receipt, message, 1, DateTimeOffset.UtcNow, IsText: true));
            }

            await Eventually.SeeAsync(() => Task.FromResult(_backstage.Get<IEnumerable<IConsumer>>().OfType<WebhookConsumer>().Single().InFlight), count => count == 0);
        }
    }

    private Task<WebhookAnswer> SendAsync(WebhookRequest request)
    {
        _sent.Enqueue(request.Headers.Single(header => header.Name == WebhookSignature.IdHeader).Value);
        return Task.FromResult(new WebhookAnswer(_status, "", null, TimeSpan.FromMilliseconds(1)));
    }

    private static int Count(JsonElement answer) => answer.GetProperty("count").GetInt32();
}
