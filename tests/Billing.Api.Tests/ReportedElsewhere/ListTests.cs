using System.Text.Json;
using Billing.Api.Admin;
using Billing.Api.Balances;
using Billing.Api.Generations;
using Billing.Api.Jobs;
using Billing.Api.Keys;
using Billing.Api.Tests.Telemetry;
using Billing.Api.Webhooks;
using Billing.Api.Workspaces;
using Billing.Engine.Due;
using Billing.Storage;

namespace Billing.Api.Tests.ReportedElsewhere;

/// <summary>Over tables whose lists begin with an empty page and one of a single row.</summary>
public sealed class ListTests
{
    private static readonly object Hook = new { url = "http://127.0.0.1:9/hook", events = new[] { "ping", "credits.low" } };

    // A table query crossed to another server, answered an empty page with a continuation, and the list was taken for empty.
    [Fact]
    public async Task An_empty_page_is_not_the_end_of_a_list()
    {
        await using var backstage = new Backstage();
        var account = await backstage.OperatorAsync(CreateAccountEndpoint.Endpoint, new { product = "bluma", name = "Ada", email = "ada@example.com", plan = "starter" });
        var accountId = account.GetProperty("account_id").GetString();
        var session = await SessionAsync();
        var key = (await backstage.SendAsync(CreateApiKey.Endpoint, session, new { name = "One", environment = "production" })).GetProperty("key").GetString()!;
        for (var i = 0; i < 3; i++)
        {
            session = await SessionAsync();
            await backstage.SendAsync(CreateApiKey.Endpoint, session, new { name = "More", environment = "production" });
            await backstage.SendAsync(CreateWebhook.Endpoint, session, Hook);
            await backstage.OperatorAsync(CreateWorkspace.Endpoint, new { account_id = accountId, name = "Team" });
            backstage.MoveTo($"2026-0{i + 1}-20T00:00:00Z");
            for (var j = 0; j < 9; j++)
            {
                var admitted = await backstage.ServiceAsync(AdmitGeneration.Endpoint, key, new { template_id = "news-anchor", duration = 60 });
                await backstage.ServiceAsync(CompleteGeneration.Endpoint, key, new { }, admitted.GetProperty("id").GetString());
            }
        }

        backstage.MoveTo("2026-05-01T00:00:00Z");
        session = await SessionAsync();
        Assert.Equal(4, Count(await backstage.SendAsync(ListApiKeys.Endpoint, session), "api_keys"));
        Assert.Equal(4, Count(await backstage.SendAsync(GetWorkspaces.Endpoint, session), "workspaces"));
        Assert.Equal(3, Count(await backstage.SendAsync(ListWebhooks.Endpoint, session), "webhooks"));
        Assert.Equal(3, Count(await backstage.SendAsync(GetInvoices.Endpoint, session), "invoices"));

        async Task<string> SessionAsync() =>
            (await backstage.OperatorAsync(CreateSession.Endpoint, new { account_id = accountId })).GetProperty("token").GetString()!;
    }

    // The same in the job that looks for what was forgotten: what it did not see it forgot for good.
    [Fact]
    public async Task An_empty_page_is_not_the_end_of_what_a_job_looks_for()
    {
        await using var backstage = new Backstage();
        var (_, key) = await backstage.OpenAsync("bloom");
        var hook = (await backstage.SendAsync(CreateWebhook.Endpoint, key, Hook)).GetProperty("id").GetString();
        await backstage.SendAsync(TestWebhook.Endpoint, key, id: hook);
        var generation = (await backstage.ServiceAsync(AdmitGeneration.Endpoint, key, new { size = "2K" })).GetProperty("id").GetString();
        await backstage.ServiceAsync(FailGeneration.Endpoint, key, new { reason = "server_error" }, generation);
        backstage.Messages.Advance(TimeSpan.FromMinutes(2));
        var (refund, delivery) = (backstage.Messages.Drain(Queues.Refunds).Single().Message, backstage.Messages.Drain(Queues.Webhooks).Select(one => one.Message).ToList());
        Assert.Single(delivery);

        backstage.MoveTo("2025-11-01T02:00:00Z");
        await backstage.OperatorAsync(RunExpirations.Endpoint);
        await ConsumeAsync(backstage, Queues.Expirations);
        await ConsumeAsync(backstage, Queues.Webhooks);

        Assert.Equal(refund, Assert.Single(backstage.Messages.Visible(Queues.Refunds)).Message);
        Assert.Equal(delivery, backstage.Messages.Visible(Queues.Webhooks).Select(one => one.Message));
    }

    private static async Task ConsumeAsync(Backstage backstage, string queue)
    {
        foreach (var (_, message, id, receipt) in backstage.Messages.Drain(queue))
        {
            await backstage.Get<MessageDispatcher>().ConsumeAsync(new(0, queue), new ReceivedMessage(id, receipt, message, 1, DateTimeOffset.UtcNow, IsText: true));
        }
    }

    private static int Count(JsonElement answer, string list) => answer.GetProperty(list).GetArrayLength();
}
