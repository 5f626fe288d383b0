using System.Collections.Concurrent;
using Billing.Api.Generations;
using Billing.Api.Jobs;
using Billing.Api.Keys;
using Billing.Api.Tests.Webhooks;
using Billing.Api.Webhooks;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Keys;
using Billing.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Billing.Api.Tests.Telemetry;

/// <summary>What nobody was there to see stands in the log.</summary>
public sealed class LogTests
{
    private static readonly object Six = new { template_id = "consumerclub-discord-zoomed", resolution = "1080p" };
    private static readonly object Ninety = new { template_id = "news-anchor", resolution = "4K", duration = 90 };

    [Fact]
    public async Task A_renewal_and_the_close_of_a_month()
    {
        await using var backstage = new Backstage();
        var (workspaceId, key) = await backstage.OpenAsync("bluma", "starter");
        foreach (var request in new[] { Ninety, Ninety })
        {
            var admitted = await backstage.ServiceAsync(AdmitGeneration.Endpoint, key, request);
            await backstage.ServiceAsync(CompleteGeneration.Endpoint, key, new { }, admitted.GetProperty("id").GetString());
        }

        backstage.MoveTo("2025-12-01T00:00:00Z");
        await ConsumeDueAsync(backstage, Queues.Renewals);

        Assert.Equal($"{workspaceId}: starter granted its allowance of 100 credits; it renews or ends at 2026-01-01T00:00:00.0000000+00:00", TextOf(backstage, "Renewed"));
        Assert.Equal($"{workspaceId}: 2025-11 was closed with an invoice of 50 USD (minor units)", TextOf(backstage, "MonthClosed"));
    }

    [Fact]
    public async Task A_refund_that_was_given_once()
    {
        await using var backstage = new Backstage();
        var (workspaceId, key) = await backstage.OpenAsync("bluma", "starter");
        var admitted = await backstage.ServiceAsync(AdmitGeneration.Endpoint, key, Six);
        await backstage.ServiceAsync(FailGeneration.Endpoint, key, new { reason = "server_error" }, admitted.GetProperty("id").GetString());
        var message = Assert.Single(backstage.Messages.Visible(Queues.Refunds).Concat(backstage.Messages.Hidden(Queues.Refunds)));
        for (var twice = 0; twice < 2; twice++)
        {
            await backstage.Get<MessageDispatcher>().ConsumeAsync(new ShardQueue(0, Queues.Refunds), Delivered(message.Message));
        }

        Assert.Equal($"{workspaceId}: {message.Message} gave back 6 credits (server_error)", TextOf(backstage, "RefundGiven"));
    }

    [Fact]
    public async Task An_endpoint_that_is_disabled_and_that_only_once()
    {
        await using var backstage = new Backstage();
        await using var receiver = new Receiver(Receiver.Says(410));
        var (workspaceId, key) = await backstage.OpenAsync("bloom");
        var webhook = await backstage.SendAsync(CreateWebhook.Endpoint, key, new { url = receiver.Url, events = new[] { "ping" } });
        var id = webhook.GetProperty("id").GetString()!;
        await backstage.SendAsync(TestWebhook.Endpoint, key, id: id);
        await ConsumeAllAsync(backstage, Queues.Webhooks);
        backstage.MoveTo("2025-11-01T01:00:00Z");
        await backstage.SendAsync(RotateWebhook.Endpoint, key, id: id);

        Assert.Equal($"{workspaceId}: {id} was disabled (Gone); nothing is sent to it any more", TextOf(backstage, "EndpointDisabled"));
    }

    [Theory]
    [InlineData(true, "stored")]
    [InlineData(false, "unclear")]
    public async Task A_commit_that_timed_out_and_what_it_turned_out(bool stored, string fate)
    {
        await using var backstage = new Backstage();
        var (workspaceId, key) = await backstage.OpenAsync("bluma", "starter");
        backstage.Store.AfterCommit = (partition, _, result) => Task.FromResult(partition.Table == Table.Ledger && stored ? new CommitResult.Unknown() : result);
        backstage.Store.BeforeCommit = (partition, _) => Task.FromResult<CommitResult?>(partition.Table == Table.Ledger && !stored ? new CommitResult.Unknown() : null);
        await backstage.ServiceAsync(AdmitGeneration.Endpoint, key, Six);

        Assert.Equal($"{workspaceId}: storage did not answer a commit in time; it turned out {fate}", TextOf(backstage, "TimeOutResolved"));
    }

    [Fact]
    public async Task Who_guesses_keys_once_a_minute_and_without_the_guesses()
    {
        await using var backstage = new Backstage();
        for (var i = 0; i < 40; i++)
        {
            await backstage.SendAsync(ListApiKeys.Endpoint, Unknown(i));
        }

        Assert.StartsWith("255.255.255.255 sent 30 unknown keys", TextOf(backstage, "GuessesRefused"), StringComparison.Ordinal);
        Assert.DoesNotContain(backstage.Told.Log, line => line.Text.Contains("bloom_live", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_that_was_given_up_or_dropped()
    {
        await using var backstage = new Backstage();
        var dispatcher = backstage.Get<MessageDispatcher>();
        dispatcher.GaveUp(new ShardQueue(0, Queues.Refunds), Delivered("rubbish"), "it is not the id of a refund", null);
        await dispatcher.ConsumeAsync(new ShardQueue(0, Queues.Webhooks), Delivered("evt_0123456789abcdef000000001"));

        Assert.Equal("refunds: message m1 is poison: it is not the id of a refund", TextOf(backstage, "Poison"));
        Assert.Equal("webhook-deliveries: message m1 was dropped: there is no such event", TextOf(backstage, "Dropped"));
    }

    [Fact]
    public async Task A_line_about_a_commit_belongs_to_the_request_that_it_was_made_for()
    {
        // The Functions host throws away what is not logged within an invocation.
        var within = new Within();
        await using var backstage = new Backstage(change: services => services.AddLogging(logging => logging.AddProvider(within)));
        var (_, key) = await backstage.OpenAsync("bluma", "starter");
        backstage.MoveTo("2025-12-01T00:00:00Z");
        Within.Request.Value = "this one";
        await backstage.ServiceAsync(AdmitGeneration.Endpoint, key, Six);

        Assert.Equal("this one", within.Heard["Renewed"]);
    }

    [Fact]
    public async Task Whoever_fails_to_log_keeps_nobody_from_being_served()
    {
        await using var backstage = new Backstage(change: services => services.AddLogging(logging => logging.AddProvider(new Broken())));
        var (_, key) = await backstage.OpenAsync("bluma", "starter");
        backstage.MoveTo("2025-12-01T00:00:00Z");
        var admitted = await backstage.ServiceAsync(AdmitGeneration.Endpoint, key, Six);

        Assert.Equal("running", admitted.GetProperty("status").GetString());
        Assert.Equal(94, admitted.GetProperty("credits").GetDecimal());
    }

    private static string TextOf(Backstage backstage, string name) => Assert.Single(backstage.Told.Log, line => line.Event.Name == name).Text;

    private static string Unknown(int number) =>
        ApiKeySecret.New("bloom", KeyEnvironment.Production, [.. BitConverter.GetBytes(number), .. new byte[ApiKeySecret.RandomBytes - 4]]).Reveal();

    private static ReceivedMessage Delivered(string message) => new("m1", "receipt", message, 1, DateTimeOffset.UtcNow, IsText: true);

    private static async Task ConsumeDueAsync(Backstage backstage, string job)
    {
        await backstage.Get<JobRunner>().RunAsync(job, default);
        await ConsumeAllAsync(backstage, job);
    }

    private static async Task ConsumeAllAsync(Backstage backstage, string queue)
    {
        backstage.Messages.Advance(TimeSpan.FromMinutes(2));
        while (backstage.Messages.Drain(queue) is { IsEmpty: false } messages)
        {
            foreach (var message in messages)
            {
                Assert.Equal(ConsumptionKind.Done, (await backstage.Get<MessageDispatcher>().ConsumeAsync(new ShardQueue(0, queue), Delivered(message.Message))).Kind);
            }
        }
    }

    /// <summary>Notes in which request each event was logged last.</summary>
    private sealed class Within : ILoggerProvider, ILogger
    {
        public static readonly AsyncLocal<string?> Request = new();

        public ConcurrentDictionary<string, string?> Heard { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Heard[eventId.Name ?? ""] = Request.Value;

        public void Dispose()
        {
        }
    }

    private sealed class Broken : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new InvalidOperationException("The log is full.");

        public void Dispose()
        {
        }
    }
}
