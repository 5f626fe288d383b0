using Billing.Api.Admin;
using Billing.Api.Balances;
using Billing.Api.Generations;
using Billing.Api.Http;
using Billing.Api.Jobs;
using Billing.Api.Keys;
using Billing.Api.Refunds;
using Billing.Api.Tests.Telemetry;
using Billing.Api.Webhooks;
using Billing.Api.Workspaces;
using Billing.Engine.Directories;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Keys;
using Billing.Storage;
using Billing.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Api.Tests.ReportedElsewhere;

/// <summary>What is counted, over two instances on the same tables: exact when many come at once, and free again when it is over.</summary>
public sealed class LeakTests
{
    private const string Operator = "an-operator-key";
    private const string Service = "a-service-key";
    private static readonly object Image = new { template = "basic", format = "png", width = 100, height = 100 };
    private static readonly object Hook = new { url = "http://127.0.0.1:9/hook", events = new[] { "credits.low" } };

    // Several jobs ended at once, each wrote the counter that it had read, and places stayed taken for ever.
    [Fact]
    public async Task Slots_of_what_ends_at_once_are_all_free_again_and_no_slot_twice()
    {
        await using var one = new Backstage();
        await using var other = Beside(one);
        var (workspaceId, key) = await one.OpenAsync("gleam", "lifetime");
        for (var round = 0; round < 3; round++)
        {
            var admits = await Task.WhenAll(Enumerable.Range(0, 25).Select(i => Of(one, other, i).ServiceAsync(AdmitGeneration.Endpoint, key, Image)));
            var running = admits.Where(admit => admit.TryGetProperty("cost", out _)).Select(admit => admit.GetProperty("id").GetString()).ToList();
            Assert.Equal(10, running.Count);
            await Task.WhenAll(running.Concat(running).Select((id, i) => i % 3 == 0
                ? Of(one, other, i / 2).AskAsync(FailGeneration.Endpoint, Service, new { reason = "server_error" }, id)
                : Of(one, other, i / 2).AskAsync(CompleteGeneration.Endpoint, Service, new { }, id)));
            Assert.Equal(0, await RunningAsync(one, key));
        }

        Assert.True((await one.OperatorAsync(AuditWorkspace.Endpoint, id: workspaceId)).GetProperty("ok").GetBoolean());
    }

    // A slot was given back by whoever ended a job and once more by whoever found it too old: two more were let in than may be.
    [Fact]
    public async Task What_is_settled_in_the_moment_of_its_expiry_frees_one_slot()
    {
        await using var one = new Backstage();
        await using var other = Beside(one);
        var (_, key) = await one.OpenAsync("gleam", "pro");
        var running = new List<string?>();
        for (var i = 0; i < 5; i++)
        {
            running.Add((await one.ServiceAsync(AdmitGeneration.Endpoint, key, Image)).GetProperty("id").GetString());
        }

        foreach (var backstage in new[] { one, other })
        {
            backstage.MoveTo("2025-11-01T01:00:00Z");
        }

        await Task.WhenAll(running.Select((id, i) => Of(one, other, i).AskAsync(CompleteGeneration.Endpoint, Service, new { }, id))
            .Concat(Enumerable.Range(0, 8).Select(i => Of(one, other, i).AskAsync(AdmitGeneration.Endpoint, Service, Image, apiKey: key))));
        Assert.Equal(5, await RunningAsync(one, key));
    }

    // Whether there was room was looked at, and then the endpoint was added: many at once all saw room. And those that were gone went on being counted.
    [Fact]
    public async Task Forty_at_once_do_not_pass_the_limit_of_webhooks_and_a_deleted_one_is_not_counted()
    {
        await using var one = new Backstage();
        await using var other = Beside(one);
        var key = await SessionAsync(one, await AccountAsync(one));
        var statuses = await StatusesAsync(40, i => Of(one, other, i).AskAsync(CreateWebhook.Endpoint, key, Hook));
        Assert.Equal((20, 20), (statuses.Count(status => status == 201), statuses.Count(status => status == 409)));
        for (var round = 0; round < 30; round++)
        {
            var id = (await one.SendAsync(ListWebhooks.Endpoint, key)).GetProperty("webhooks")[0].GetProperty("id").GetString();
            await other.AskAsync(DeleteWebhook.Endpoint, key, null, id);
            Assert.Equal((201, 409), (await StatusAsync(one, CreateWebhook.Endpoint, key, Hook), await StatusAsync(other, CreateWebhook.Endpoint, key, Hook)));
        }

        Assert.Equal(20, (await one.SendAsync(ListWebhooks.Endpoint, key)).GetProperty("webhooks").GetArrayLength());
    }

    // A list was read up to a bound that counted what had been deleted, too: what was new fell behind it.
    [Fact]
    public async Task What_is_left_of_deleted_webhooks_hides_nothing_of_the_others()
    {
        await using var backstage = new Backstage();
        var (workspaceId, key) = await backstage.OpenAsync("bluma");
        var partition = new Partition(Table.Ledger, workspaceId);
        for (var i = 0; i < 100; i++)
        {
            backstage.Store.Arrive(partition, [new RowWrite(WriteKind.Insert, new Row($"{EndpointHealth.Prefix}0000000{i:000}", $$"""{"endpoint_key":"0000000{{i:000}}","failing_since":"2025-11-01T00:00:00Z"}"""))]);
        }

        var hook = (await backstage.SendAsync(CreateWebhook.Endpoint, key, Hook)).GetProperty("id").GetString()![19..];
        backstage.Store.Arrive(partition, [new RowWrite(WriteKind.Insert, new Row(EndpointHealth.KeyOf(hook), $$"""{"endpoint_key":"{{hook}}","failing_since":"2025-11-01T00:00:00Z"}"""))]);
        Assert.Equal("2025-11-01T00:00:00Z", (await backstage.SendAsync(ListWebhooks.Endpoint, key)).GetProperty("webhooks")[0].GetProperty("failing_since").GetString());
    }

    // Putting and taking away at once counted one thing twice, or two as one, until nothing could be added any more.
    [Fact]
    public async Task Own_templates_are_counted_once_however_often_and_at_once_they_come_and_go()
    {
        await using var one = new Backstage();
        await using var other = Beside(one);
        var (workspaceId, _) = await one.OpenAsync("bluma", "pro");
        await one.AskAsync(PutSubscription.Endpoint, Operator, new { plan = "enterprise", credits = 3_000 }, workspaceId);
        for (var i = 0; i < 195; i++)
        {
            Assert.Equal(200, await PutAsync(Of(one, other, i / 50), $"t{i}"));
        }

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => PutAsync(Of(one, other, i), "t7")));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Of(one, other, i).AskAsync(DeleteTemplate.Endpoint, Operator, id: workspaceId, of: ("templateId", "t7"))));
        var statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => PutAsync(Of(one, other, i), $"n{i}")));
        Assert.Equal((6, 14), (statuses.Count(status => status == 200), statuses.Count(status => status == 409)));

        async Task<int> PutAsync(Backstage backstage, string id) =>
            (await backstage.AskAsync(PutTemplate.Endpoint, Operator, new { attributes = new { @base = 1, complexity = "basic" } }, workspaceId, of: ("templateId", id))).StatusCode;
    }

    // Signed in again and again, nobody was ever signed out, and the list of sessions grew until looking at it took minutes.
    [Fact]
    public async Task Sessions_are_no_more_than_may_be_however_many_begin_at_once()
    {
        await using var one = new Backstage();
        await using var other = Beside(one);
        var account = await AccountAsync(one);
        string newest = "";
        for (var round = 0; round < 14; round++)
        {
            one.MoveTo($"2025-11-01T00:{round:00}:00Z");
            other.MoveTo($"2025-11-01T00:{round:00}:00Z");
            var tokens = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => SessionAsync(Of(one, other, i), account)));
            newest = tokens[^1];
        }

        var kept = one.Store.RowsOf(new Partition(Table.People, account)).Count(row => row.Key.StartsWith("session:", StringComparison.Ordinal));
        Assert.Equal(SessionDirectory.Most, kept);
        Assert.Equal(200, await StatusAsync(one, GetWorkspaces.Endpoint, newest));

        one.MoveTo("2025-11-02T00:00:00Z");
        await SessionAsync(one, account);
        Assert.Single(one.Store.RowsOf(new Partition(Table.People, account)), row => row.Key.StartsWith("session:", StringComparison.Ordinal));
    }

    // Two that were over the limit were told 201, because their answers had been stored before they were counted.
    [Fact]
    public async Task Who_is_told_of_a_team_is_in_it_and_who_was_refused_is_told_the_same_again()
    {
        await using var one = new Backstage();
        await using var other = Beside(one);
        var account = await AccountAsync(one);
        for (var i = 0; i < AccountDirectory.MostMemberships - 6; i++)
        {
            one.Store.Arrive(new Partition(Table.People, account), [Membership($"ws_{i:0000000000000000}")]);
        }

        var asked = new { account_id = account, name = "Team" };
        for (var round = 0; round < 2; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Of(one, other, i).AskAsync(CreateWorkspace.Endpoint, Operator, asked, idempotencyKey: $"k{i % 20}")));
            var teams = answers.Where(answer => answer.StatusCode == 201).Select(answer => Backstage.JsonOf(answer).GetProperty("id").GetString()).Distinct().ToList();
            Assert.Equal(5, teams.Count);
            Assert.All(answers, answer => Assert.True(answer.StatusCode is 201 or 409));
            var session = await SessionAsync(one, account);
            var shown = (await one.SendAsync(GetWorkspaces.Endpoint, session)).GetProperty("workspaces").EnumerateArray().Select(one => one.GetProperty("id").GetString()).ToHashSet();
            Assert.All(teams, team => Assert.Contains(team, shown));
        }
    }

    // Who had left was counted for ever, and a team that people came to and went from was full one day.
    [Fact]
    public async Task Coming_and_going_uses_nothing_up()
    {
        await using var one = new Backstage();
        await using var other = Beside(one);
        var (ada, bob) = (await AccountAsync(one), await AccountAsync(one));
        var team = (await one.OperatorAsync(CreateWorkspace.Endpoint, new { account_id = ada, name = "Team" })).GetProperty("workspace_id").GetString();
        for (var i = 0; i < AccountDirectory.MostMemberships - 2; i++)
        {
            one.Store.Arrive(new Partition(Table.People, bob), [Membership($"ws_{i:0000000000000000}")]);
        }

        for (var round = 0; round < 20; round++)
        {
            var joined = await StatusesAsync(6, i => Of(one, other, i).AskAsync(AddMember.Endpoint, Operator, new { account_id = bob }, team));
            Assert.All(joined, status => Assert.Equal(201, status));
            var left = await StatusesAsync(4, i => Of(one, other, i).AskAsync(RemoveMember.Endpoint, Operator, new { account_id = bob }, team));
            Assert.All(left, status => Assert.True(status is 204 or 404));
            Assert.Contains(204, left);
        }
    }

    // A key that had ended by itself went on holding its place.
    [Fact]
    public async Task A_key_that_expired_holds_no_place()
    {
        await using var one = new Backstage();
        await using var other = Beside(one);
        var session = await SessionAsync(one, await AccountAsync(one));
        var limited = new { name = "Key", environment = "test", expires_at = "2025-11-01T01:00:00Z" };
        var made = await StatusesAsync(KeyRing.Most + 10, i => Of(one, other, i).AskAsync(CreateApiKey.Endpoint, session, limited));
        Assert.Equal(KeyRing.Most, made.Count(status => status == 201));
        foreach (var backstage in new[] { one, other })
        {
            backstage.MoveTo("2025-11-01T01:00:00Z");
        }

        made = await StatusesAsync(KeyRing.Most + 10, i => Of(one, other, i).AskAsync(CreateApiKey.Endpoint, session, new { name = "Key", environment = "test" }));
        Assert.Equal(KeyRing.Most, made.Count(status => status == 201));
        var keys = (await one.SendAsync(ListApiKeys.Endpoint, session)).GetProperty("api_keys").EnumerateArray().Select(key => key.GetProperty("id").GetString()).ToList();
        Assert.Equal((2 * KeyRing.Most, 2 * KeyRing.Most), (keys.Count, keys.Distinct().Count()));
    }

    // Approved here and denied there at once, a request stayed open on the list of what was to be done.
    [Fact]
    public async Task Refunds_that_are_decided_and_carried_out_at_once_leave_none_open()
    {
        await using var one = new Backstage();
        await using var other = Beside(one);
        var (workspaceId, key) = await one.OpenAsync("gleam", "lifetime");
        var refunds = new List<string?>();
        for (var i = 0; i < 8; i++)
        {
            var id = (await one.ServiceAsync(AdmitGeneration.Endpoint, key, Image)).GetProperty("id").GetString();
            await one.ServiceAsync(CompleteGeneration.Endpoint, key, new { }, id);
            refunds.Add((await one.SendAsync(RequestRefundEndpoint.Endpoint, key, new { generation_id = id, reason = "quality_issue" })).GetProperty("id").GetString());
        }

        await Task.WhenAll(refunds.SelectMany((id, i) => new[]
        {
            Of(one, other, i).AskAsync(ApproveRefund.Endpoint, Operator, null, id),
            Of(other, one, i).AskAsync(DenyRefund.Endpoint, Operator, null, id),
            Of(other, one, i).AskAsync(ApproveRefund.Endpoint, Operator, null, id),
        }));
        foreach (var backstage in new[] { one, other })
        {
            backstage.Messages.Advance(TimeSpan.FromMinutes(2));
        }

        // Each message comes twice, at both.
        var messages = one.Messages.Drain(Queues.Refunds).Concat(other.Messages.Drain(Queues.Refunds)).ToList();
        await Task.WhenAll(messages.Concat(messages).Select((message, i) =>
            Of(one, other, i).Get<MessageDispatcher>().ConsumeAsync(new ShardQueue(0, Queues.Refunds), new ReceivedMessage(message.MessageId, message.Receipt, message.Message, 1, DateTimeOffset.UtcNow, IsText: true))));
        var account = (await one.OperatorAsync(GetWorkspaceAccount.Endpoint, id: workspaceId)).GetProperty("account");
        Assert.Equal(0, account.GetProperty("pending_refunds").GetInt32());
        var approved = 0;
        foreach (var id in refunds)
        {
            var status = (await one.AskAsync(GetRefund.Endpoint, key, null, id)) is var answer ? Backstage.JsonOf(answer).GetProperty("status").GetString() : null;
            Assert.True(status is "succeeded" or "denied", status);
            approved += status == "succeeded" ? 1 : 0;
        }

        Assert.Equal(2_000 - 8 + approved, (await one.SendAsync(GetCredits.Endpoint, key)).GetProperty("credits").GetInt32());
        Assert.True((await one.OperatorAsync(AuditWorkspace.Endpoint, id: workspaceId)).GetProperty("ok").GetBoolean());
    }

    // The same name in two shops, or two names that differ only in how they are written, met in one customer, or one name in two.
    [Fact]
    public async Task An_external_id_is_one_in_its_product_and_by_every_character()
    {
        await using var one = new Backstage();
        await using var other = Beside(one);
        (string Product, string Id)[] all = [.. from product in new[] { "bloom", "bluma", "gleam" } from id in new[] { "c-1", "C-1", "c-1 .", "ｃ-1", "c‐1", "e\u0301", "\u00e9" } select (product, id)];
        var answers = await Task.WhenAll(all.Concat(all).Concat(all).Select(async (account, i) =>
            (account, await Of(one, other, i).OperatorAsync(CreateAccountEndpoint.Endpoint, new { product = account.Product, name = "Ada", email = "a@example.com", external_id = account.Id }))));
        var ids = answers.GroupBy(answer => answer.account).Select(same => Assert.Single(same.Select(answer => answer.Item2.GetProperty("account_id").GetString()).Distinct()));
        Assert.Distinct(ids);
    }

    // Many keys of one account came at once, and one's window took the hits of another, or let more in than its limit.
    [Fact]
    public async Task Windows_of_many_keys_are_exact_side_by_side()
    {
        await using var one = new Backstage();
        await using var other = Beside(one);
        var session = await SessionAsync(one, await AccountAsync(one, "gleam"));
        var keys = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            keys.Add((await one.SendAsync(CreateApiKey.Endpoint, session, new { name = "Key", environment = "production" })).GetProperty("key").GetString()!);
        }

        var asked = await Task.WhenAll(Enumerable.Range(0, 72).Select(async i =>
            (Key: i % 6, (await Of(one, other, i / 6).SendAsync(VerifyKey.Endpoint, Service, new { key = keys[i % 6] })).GetProperty("valid").GetBoolean())));
        Assert.All(asked.GroupBy(one => one.Key), same => Assert.Equal(5, same.Count(one => one.Item2)));
    }

    private static Backstage Of(Backstage one, Backstage other, int i) => i % 2 == 0 ? one : other;

    private static Backstage Beside(Backstage backstage) => new(change: services => services.AddSingleton<ITableStore>(backstage.Store));

    private static RowWrite Membership(string workspaceId) => new(
        WriteKind.Insert, new Row($"workspace:{workspaceId}", $$"""{"workspace_id":"{{workspaceId}}","name":"Team","type":"team","role":"owner"}"""));

    private static async Task<string> AccountAsync(Backstage backstage, string product = "bluma") =>
        (await backstage.OperatorAsync(CreateAccountEndpoint.Endpoint, new { product, name = "Ada", email = "ada@example.com" })).GetProperty("account_id").GetString()!;

    private static async Task<string> SessionAsync(Backstage backstage, string account) =>
        (await backstage.OperatorAsync(CreateSession.Endpoint, new { account_id = account })).GetProperty("token").GetString()!;

    private static async Task<int> RunningAsync(Backstage backstage, string key) => (await backstage.SendAsync(GetCredits.Endpoint, key)).GetProperty("running").GetInt32();

    private static async Task<int> StatusAsync(Backstage backstage, ApiEndpoint endpoint, string bearer, object? body = null) => (await backstage.AskAsync(endpoint, bearer, body)).StatusCode;

    private static async Task<List<int>> StatusesAsync(int count, Func<int, Task<Microsoft.AspNetCore.Http.HttpResponse>> ask) =>
        [.. (await Task.WhenAll(Enumerable.Range(0, count).Select(ask))).Select(response => response.StatusCode)];
}
