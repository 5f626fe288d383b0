using System.Text.Json;
using Billing.Api.Admin;
using Billing.Api.Balances;
using Billing.Api.Generations;
using Billing.Api.Http;
using Billing.Api.Jobs;
using Billing.Api.Keys;
using Billing.Api.SignIn;
using Billing.Api.Tests.Telemetry;
using Billing.Api.Webhooks;
using Billing.Api.Workspaces;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Api.Tests.ReportedElsewhere;

/// <summary>A customer's first day while storage loses answers, loses requests, is busy, or fails its reads; every request is sent until it is answered.</summary>
public sealed class AnswerLostTests
{
    private const string Operator = "an-operator-key";
    private const string Service = "a-service-key";

    public static TheoryData<string, int> Storms
    {
        get
        {
            var storms = new TheoryData<string, int>();
            foreach (var kind in new[] { "answer", "request", "busy", "read" })
            {
                foreach (var seed in Enumerable.Range(1, 5))
                {
                    storms.Add(kind, seed);
                }
            }

            return storms;
        }
    }

    // The retry met the row that its own first try had stored, was told "exists already", and passed that on; or did it all once more.
    [Theory]
    [MemberData(nameof(Storms))]
    public async Task What_was_done_once_is_done_once_and_said_so(string kind, int seed)
    {
        await using var backstage = new Backstage();
        Break(backstage, kind, seed);
        var asked = new { product = "bluma", name = "Ada", email = "a@example.com", external_id = "c-1", plan = "pro" };
        var account = await SayAsync(CreateAccountEndpoint.Endpoint, Operator, asked, status: 201);
        Assert.Equal(account.GetRawText(), (await SayAsync(CreateAccountEndpoint.Endpoint, Operator, asked, status: 201)).GetRawText());
        var (id, workspace) = (account.GetProperty("account_id").GetString()!, account.GetProperty("workspace_id").GetString()!);
        var other = (await SayAsync(CreateAccountEndpoint.Endpoint, Operator, new { product = "bluma", name = "Bob", email = "b@example.com", external_id = "c-2" }, status: 201)).GetProperty("account_id").GetString();
        var session = (await SayAsync(CreateSession.Endpoint, Operator, new { account_id = id }, status: 201)).GetProperty("token").GetString()!;
        var bobs = (await SayAsync(CreateSession.Endpoint, Operator, new { account_id = other }, status: 201)).GetProperty("token").GetString()!;
        var key = (await SayAsync(CreateApiKey.Endpoint, session, new { name = "Key", environment = "production" }, status: 201)).GetProperty("key").GetString()!;
        var team = (await SayAsync(CreateWorkspace.Endpoint, Operator, new { account_id = id, name = "Team" }, status: 201, name: "team")).GetProperty("id").GetString()!;
        for (var round = 0; round < 2; round++)
        {
            await SayAsync(AddMember.Endpoint, Operator, new { account_id = other }, team, 201);
            await SayAsync(CreateApiKey.Endpoint, bobs, new { name = "Key", environment = "production", workspace_id = team }, status: 201);
            await TryAsync(RemoveMember.Endpoint, Operator, new { account_id = other }, team, 204, 404);
        }

        for (var i = 0; i < 3; i++)
        {
            var topUp = await SayAsync(CreateTopUp.Endpoint, Operator, new { credits = 10, reference = $"ch_{i}" }, workspace, 201);
            await SayAsync(ReverseTopUpEndpoint.Endpoint, Operator, new { reason = "part", reference = $"re_{i}", credits = 4 }, workspace, of: ("topUpId", topUp.GetProperty("id").GetString()!));
            var admitted = await SayAsync(AdmitGeneration.Endpoint, Service, new { template_id = "product-showcase", duration = 60 }, status: 201, apiKey: key, name: $"order-{i}");
            Assert.Equal(admitted.GetRawText(), (await SayAsync(AdmitGeneration.Endpoint, Service, new { template_id = "product-showcase", duration = 60 }, status: 201, apiKey: key, name: $"order-{i}")).GetRawText());
            var generation = admitted.GetProperty("id").GetString();
            await (i == 0 ? SayAsync(FailGeneration.Endpoint, Service, new { reason = "server_error" }, generation) : SayAsync(CompleteGeneration.Endpoint, Service, new { }, generation));
        }

        var hook = (await SayAsync(CreateWebhook.Endpoint, key, new { url = "http://127.0.0.1:9/hook", events = new[] { "ping" } }, status: 201)).GetProperty("id").GetString();
        await SayAsync(DeleteWebhook.Endpoint, key, null, hook, name: "gone");
        backstage.Messages.Advance(TimeSpan.FromMinutes(2));
        foreach (var (_, message, messageId, receipt) in backstage.Messages.Drain(Queues.Refunds))
        {
            for (var tries = 0; await backstage.Get<MessageDispatcher>().HandleAsync(new ShardQueue(0, Queues.Refunds), new ReceivedMessage(messageId, receipt, message, 1, DateTimeOffset.UtcNow, IsText: true)) is not Disposition.Done; tries++)
            {
                Assert.InRange(tries, 0, 100);
            }
        }

        var second = (await SayAsync(CreateSession.Endpoint, Operator, new { account_id = id }, status: 201)).GetProperty("token").GetString()!;
        await TryAsync(CloseSession.Endpoint, second, null, null, 200, 401);
        backstage.Store.BeforeCommit = null;
        backstage.Store.AfterCommit = null;
        backstage.Store.BeforeRead = null;

        var credits = await backstage.SendAsync(GetCredits.Endpoint, key);
        Assert.Equal((500 + 18 - 18, 0), (credits.GetProperty("credits").GetInt32(), credits.GetProperty("running").GetInt32()));
        Assert.True((await backstage.OperatorAsync(AuditWorkspace.Endpoint, id: workspace)).GetProperty("ok").GetBoolean());
        Assert.Equal(2, (await backstage.SendAsync(GetWorkspaces.Endpoint, session)).GetProperty("workspaces").GetArrayLength());
        Assert.Equal(1, (await backstage.SendAsync(GetWorkspaces.Endpoint, bobs)).GetProperty("workspaces").GetArrayLength());
        Assert.All((await backstage.SendAsync(ListApiKeys.Endpoint, bobs)).GetProperty("api_keys").EnumerateArray(), one => Assert.Equal(JsonValueKind.String, one.GetProperty("revoked_at").ValueKind));
        Assert.DoesNotContain((await backstage.SendAsync(ListWebhooks.Endpoint, key)).GetProperty("webhooks").EnumerateArray(), one => one.GetProperty("id").GetString() == hook);
        Assert.Equal(401, (await backstage.AskAsync(GetWorkspaces.Endpoint, second)).StatusCode);

        async Task<JsonElement> SayAsync(ApiEndpoint endpoint, string bearer, object? body = null, string? of1 = null, int status = 200, string? apiKey = null, string? name = null, (string, string) of = default) =>
            Backstage.JsonOf(await AskAsync(endpoint, bearer, body, of1, [status], apiKey, name, of));

        Task TryAsync(ApiEndpoint endpoint, string bearer, object? body, string? of1, params int[] statuses) => AskAsync(endpoint, bearer, body, of1, statuses, null, null, default);

        async Task<HttpResponse> AskAsync(ApiEndpoint endpoint, string bearer, object? body, string? of1, int[] statuses, string? apiKey, string? name, (string, string) of)
        {
            for (var tries = 0; ; tries++)
            {
                var answer = await backstage.AskAsync(endpoint, bearer, body, of1, apiKey, name, of);
                if (answer.StatusCode != 503)
                {
                    Assert.True(statuses.Contains(answer.StatusCode), $"{endpoint.Name} {answer.StatusCode}: {(answer.Body.Length > 0 ? Backstage.JsonOf(answer).GetRawText() : "")}");
                    return answer;
                }

                Assert.Equal(1, answer.Headers.RetryAfter.Count);
                Assert.InRange(tries, 0, 100);
            }
        }
    }

    // One machine's clock was minutes ahead: what it had made was not valid yet at the next, was renewed by both, or belonged to a month that was closed.
    [Fact]
    public async Task Machines_whose_clocks_differ_agree()
    {
        await using var behind = new Backstage();
        await using var ahead = new Backstage(change: services => services.AddSingleton<ITableStore>(behind.Store));
        ahead.MoveTo("2025-11-01T00:04:00Z");
        var (workspace, key) = await ahead.OpenAsync("bluma", "starter");
        Assert.Equal(200, (await behind.AskAsync(GetCredits.Endpoint, key)).StatusCode);
        var video = new { template_id = "news-anchor", resolution = "1080p", complexity = "ai", duration = 60 };
        var quote = (await ahead.SendAsync(QuoteGeneration.Endpoint, key, video)).GetProperty("quote").GetString();
        Assert.Equal(201, (await behind.AskAsync(AdmitGeneration.Endpoint, Service, new { quote }, apiKey: key)).StatusCode);
        for (var i = 0; i < 4; i++)
        {
            var running = (await (i % 2 == 0 ? ahead : behind).ServiceAsync(AdmitGeneration.Endpoint, key, video)).GetProperty("id").GetString();
            Assert.Equal(200, (await (i % 2 == 0 ? behind : ahead).AskAsync(CompleteGeneration.Endpoint, Service, new { }, running)).StatusCode);
        }

        ahead.MoveTo("2025-12-01T00:01:00Z");
        behind.MoveTo("2025-11-30T23:57:00Z");
        Assert.Equal(1, (await ahead.SendAsync(GetInvoices.Endpoint, key)).GetProperty("invoices").GetArrayLength());
        for (var i = 0; i < 2; i++)
        {
            await behind.ServiceAsync(AdmitGeneration.Endpoint, key, video);
        }

        ahead.MoveTo("2025-12-01T00:05:00Z");
        Assert.Equal(["2025-11"], (await behind.SendAsync(GetInvoices.Endpoint, key)).GetProperty("invoices").EnumerateArray().Select(one => one.GetProperty("month").GetString()));
        Assert.Equal(["2025-11"], (await ahead.SendAsync(GetInvoices.Endpoint, key)).GetProperty("invoices").EnumerateArray().Select(one => one.GetProperty("month").GetString()));
        var renewals = (await ahead.SendAsync(GetHistory.Endpoint, key)).GetProperty("transactions").EnumerateArray().Count(one => one.GetProperty("description").GetString()!.StartsWith("Monthly renewal", StringComparison.Ordinal));
        Assert.Equal(2, renewals);
        Assert.True((await ahead.OperatorAsync(AuditWorkspace.Endpoint, id: workspace)).GetProperty("ok").GetBoolean());
    }

    // A message came before its row could be read, twice, after what it spoke of was over, or with a name that nobody knew: it was poison, or stopped the queue.
    [Fact]
    public async Task Messages_early_late_twice_and_of_nobody_do_no_harm()
    {
        await using var backstage = new Backstage();
        var (workspace, key) = await backstage.OpenAsync("bloom");
        var id = (await backstage.ServiceAsync(AdmitGeneration.Endpoint, key, new { size = "2K" })).GetProperty("id").GetString();
        var early = new List<(string Message, Task<Disposition> Handled)>();
        backstage.Messages.AfterSend = message =>
        {
            early.Add((message.Message, HandleAsync(message.Queue.Name, message.Message)));
            return Task.CompletedTask;
        };
        await backstage.ServiceAsync(FailGeneration.Endpoint, key, new { reason = "server_error" }, id);
        backstage.Messages.AfterSend = null;
        var (refund, handled) = Assert.Single(early);
        Assert.IsType<Disposition.Done>(await handled);
        foreach (var (queue, message) in new[]
        {
            (Queues.Refunds, refund), (Queues.Refunds, refund), (Queues.Refunds, refund[..^1] + (refund[^1] == '0' ? '1' : '0')), (Queues.Refunds, "rfd_"), (Queues.Refunds, "nonsense"),
            (Queues.Webhooks, "evt_0000000000000000000000000001"), (Queues.Webhooks, "dlv_"), (Queues.Renewals, "renewals|2025-11-01T00;ws_0000000000000000"), (Queues.Renewals, "renewals|2025-11-01T00;" + workspace),
            (Queues.Renewals, "renewals|yesterday;"), (Queues.Expirations, "expirations|2025-11-01T00;" + workspace),
        })
        {
            Assert.False(await HandleAsync(queue, message) is Disposition.Again, message);
        }

        Assert.Equal(10, (await backstage.SendAsync(GetCredits.Endpoint, key)).GetProperty("credits").GetInt32());
        Assert.Equal(3, (await backstage.SendAsync(GetHistory.Endpoint, key)).GetProperty("total").GetInt32());

        Task<Disposition> HandleAsync(string queue, string message) =>
            backstage.Get<MessageDispatcher>().HandleAsync(new ShardQueue(0, queue), new ReceivedMessage("1", "r", message, 1, DateTimeOffset.UtcNow, IsText: true));
    }

    private static void Break(Backstage backstage, string kind, int seed)
    {
        var (dice, gate) = (new Random(seed), new Lock());
        switch (kind)
        {
            case "answer":
                backstage.Store.AfterCommit = (_, _, result) => Task.FromResult(Fails(4) ? new CommitResult.Unknown() : result);
                break;
            case "request":
                backstage.Store.BeforeCommit = (_, _) => Task.FromResult<CommitResult?>(Fails(4) ? new CommitResult.Unknown() : null);
                break;
            case "busy":
                backstage.Store.BeforeCommit = (_, _) => Fails(5) ? throw new StorageUnavailableException("Storage answered 503 ServerBusy.") : Task.FromResult<CommitResult?>(null);
                break;
            default:
                backstage.Store.BeforeRead = _ => Fails(40) ? throw new StorageUnavailableException("Storage answered 503 ServerBusy.") : Task.CompletedTask;
                break;
        }

        bool Fails(int oneOf)
        {
            lock (gate)
            {
                return dice.Next(oneOf) == 0;
            }
        }
    }
}
