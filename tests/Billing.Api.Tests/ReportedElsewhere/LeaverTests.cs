using System.Text.Json;
using Billing.Api.Admin;
using Billing.Api.Balances;
using Billing.Api.Generations;
using Billing.Api.Http;
using Billing.Api.Jobs;
using Billing.Api.Keys;
using Billing.Api.Refunds;
using Billing.Api.SignIn;
using Billing.Api.Tests.Telemetry;
using Billing.Api.Tests.Webhooks;
using Billing.Api.Webhooks;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Api.Tests.ReportedElsewhere;

/// <summary>Bob leaves Ada's team: what he made there, what he has open, what he asks for again.</summary>
public sealed class LeaverTests : IAsyncDisposable
{
    private const string Operator = "an-operator-key";
    private const string Service = "a-service-key";
    private static readonly object Small = new { size = "2K" };
    private readonly Backstage _one = new();
    private readonly Backstage _other;
    private string _ada = "", _bob = "", _team = "", _owner = "", _member = "";

    public LeaverTests() => _other = new Backstage(change: services => services.AddSingleton<ITableStore>(_one.Store));

    // A key was only held back while its maker was away: taken in again, he found that a key which had leaked long ago worked again, too.
    [Fact]
    public async Task A_key_of_who_left_is_dead_and_stays_it_when_he_comes_back()
    {
        await BeginAsync();
        var (id, key) = await KeyAsync();
        var personal = (await _one.SendAsync(CreateApiKey.Endpoint, _member, new { name = "Own", environment = "production" })).GetProperty("key").GetString()!;
        await LeaveAsync();
        Assert.Equal(401, await StatusAsync(_one, GetCredits.Endpoint, key));
        var listed = (await _one.SendAsync(ListApiKeys.Endpoint, _member)).GetProperty("api_keys").EnumerateArray().Single(one => one.GetProperty("id").GetString() == id);
        Assert.Equal(JsonValueKind.String, listed.GetProperty("revoked_at").ValueKind);
        await JoinAsync();
        Assert.Equal(401, await StatusAsync(_one, GetCredits.Endpoint, key));
        Assert.Equal(401, await StatusAsync(_other, GetCredits.Endpoint, key));
        Assert.False((await _one.SendAsync(VerifyKey.Endpoint, Service, new { key })).GetProperty("valid").GetBoolean());
        Assert.Equal(200, await StatusAsync(_one, GetCredits.Endpoint, personal));
        Assert.Equal(200, await StatusAsync(_one, GetCredits.Endpoint, (await KeyAsync()).Key));
    }

    // Keys for teams that one had left held their places for ever: nobody saw them, and no new one could be made.
    [Fact]
    public async Task Keys_of_teams_that_were_left_hold_no_places()
    {
        await BeginAsync();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => KeyAsync()));
        Assert.Equal(409, await StatusAsync(_one, CreateApiKey.Endpoint, _member, new { name = "Own", environment = "production" }));
        await LeaveAsync();
        Assert.Equal(201, await StatusAsync(_one, CreateApiKey.Endpoint, _member, new { name = "Own", environment = "production" }));
    }

    // Another machine still remembered the membership, and for as long let him set up an address that then heard everything for ever.
    [Fact]
    public async Task Nothing_that_lasts_is_made_by_a_membership_that_is_only_remembered()
    {
        await BeginAsync();
        var mine = _team;
        Assert.Equal(200, (await _other.AskAsync(GetCredits.Endpoint, _member, query: $"?workspaceId={mine}")).StatusCode);
        await LeaveAsync();
        Assert.Equal(404, await StatusAsync(_other, CreateWebhook.Endpoint, _member, Hook("http://127.0.0.1:9/hook")));
        Assert.Equal(404, await StatusAsync(_other, CreateApiKey.Endpoint, _member, new { name = "Key", environment = "production", workspace_id = _team }));
        var hooks = (await _one.QueryAsync(ListWebhooks.Endpoint, _owner, $"?workspaceId={_team}")).GetProperty("webhooks").EnumerateArray();
        Assert.All(hooks, hook => Assert.Equal("member_left", hook.GetProperty("disabled_reason").GetString()));
        await JoinAsync();
        var keys = (await _one.SendAsync(ListApiKeys.Endpoint, _member)).GetProperty("api_keys").EnumerateArray();
        Assert.All(keys, key => Assert.Equal(JsonValueKind.String, key.GetProperty("revoked_at").ValueKind));
    }

    // What was on its way to his address when he left was still sent there, a test call for days.
    [Fact]
    public async Task What_is_on_its_way_to_who_left_does_not_arrive()
    {
        await BeginAsync();
        await using var receiver = new Receiver();
        var hook = (await _one.SendAsync(CreateWebhook.Endpoint, _member, Hook(receiver.Url))).GetProperty("id").GetString();
        await _one.AskAsync(TestWebhook.Endpoint, _member, null, hook);
        await _one.OperatorAsync(CreateTopUp.Endpoint, new { credits = 20, reference = "ch_1" }, _team);
        await LeaveAsync();
        await _one.OperatorAsync(CreateTopUp.Endpoint, new { credits = 20, reference = "ch_2" }, _team);
        for (var round = 0; round < 4; round++)
        {
            await ConsumeAsync(Queues.Webhooks);
        }

        Assert.Equal(0, receiver.Connections);
        foreach (var session in new[] { _owner, _member })
        {
            Assert.True(await StatusAsync(_one, TestWebhook.Endpoint, session, null, hook) is 404 or 409);
            Assert.True(await StatusAsync(_one, RotateWebhook.Endpoint, session, null, hook) is 404 or 409 || session == _owner);
        }

        // Taken in again, he has to set up a new one.
        await JoinAsync();
        Assert.Equal(409, await StatusAsync(_one, TestWebhook.Endpoint, _member, null, hook));
        Assert.Equal(200, await StatusAsync(_one, DeleteWebhook.Endpoint, _member, null, hook));
        Assert.Equal(201, await StatusAsync(_one, CreateWebhook.Endpoint, _member, Hook(receiver.Url)));
    }

    // A page that was opened with the team's key stayed open after its user had left.
    [Fact]
    public async Task A_session_of_a_team_key_ends_with_the_membership_and_does_not_begin_again_with_it()
    {
        await BeginAsync();
        var (_, key) = await KeyAsync();
        var page = (await _one.SendAsync(OpenSession.Endpoint, key)).GetProperty("token").GetString()!;
        Assert.Equal(_team, (await _one.SendAsync(GetCredits.Endpoint, page)).GetProperty("workspace_id").GetString());
        await LeaveAsync();
        Assert.Equal(401, await StatusAsync(_one, GetCredits.Endpoint, page));
        Assert.Equal(401, await StatusAsync(_one, OpenSession.Endpoint, key));
        await JoinAsync();
        Assert.Equal(401, await StatusAsync(_one, GetCredits.Endpoint, page));
        Assert.Equal(200, await StatusAsync(_one, GetCredits.Endpoint, _member));
    }

    // The stored answer was given to whoever had its key, be he removed in between.
    [Fact]
    public async Task Who_left_gets_no_stored_answer_and_the_service_gets_its_own()
    {
        await BeginAsync();
        var (_, key) = await KeyAsync();
        var admitted = await _one.ServiceAsync(AdmitGeneration.Endpoint, key, Small, idempotencyKey: "order-1");
        var generation = admitted.GetProperty("id").GetString();
        await _one.ServiceAsync(CompleteGeneration.Endpoint, key, new { }, generation);
        var asked = new { generation_id = generation, reason = "quality_issue" };
        Assert.Equal(202, (await _one.AskAsync(RequestRefundEndpoint.Endpoint, _member, asked, idempotencyKey: "refund-1")).StatusCode);
        Assert.Equal(202, (await _one.AskAsync(RequestRefundEndpoint.Endpoint, key, asked, idempotencyKey: "refund-2")).StatusCode);
        await LeaveAsync();
        foreach (var backstage in new[] { _one, _other })
        {
            Assert.Equal(404, (await backstage.AskAsync(RequestRefundEndpoint.Endpoint, _member, asked, idempotencyKey: "refund-1")).StatusCode);
            Assert.Equal(401, (await backstage.AskAsync(RequestRefundEndpoint.Endpoint, key, asked, idempotencyKey: "refund-2")).StatusCode);
            Assert.Equal(admitted.GetRawText(), (await backstage.ServiceAsync(AdmitGeneration.Endpoint, key, Small, idempotencyKey: "order-1")).GetRawText());
            Assert.Equal(401, (await backstage.AskAsync(AdmitGeneration.Endpoint, Service, Small, apiKey: key, idempotencyKey: "order-2")).StatusCode);
        }
    }

    // His open request for a refund was approved and went to him, or could be decided no more.
    [Fact]
    public async Task A_refund_that_he_asked_for_is_the_teams()
    {
        await BeginAsync();
        var (_, key) = await KeyAsync();
        var generation = (await _one.ServiceAsync(AdmitGeneration.Endpoint, key, Small)).GetProperty("id").GetString();
        await _one.ServiceAsync(CompleteGeneration.Endpoint, key, new { }, generation);
        var refund = (await _one.SendAsync(RequestRefundEndpoint.Endpoint, _member, new { generation_id = generation, reason = "quality_issue" })).GetProperty("id").GetString();
        await LeaveAsync();
        Assert.Equal(404, await StatusAsync(_one, GetRefund.Endpoint, _member, null, refund));
        Assert.Equal(200, await StatusAsync(_one, ApproveRefund.Endpoint, Operator, null, refund));
        _one.Messages.Advance(TimeSpan.FromMinutes(2));
        await ConsumeAsync(Queues.Refunds);
        Assert.Equal(20, (await _one.QueryAsync(GetCredits.Endpoint, _owner, $"?workspaceId={_team}")).GetProperty("credits").GetInt32());
        Assert.Equal(10, (await _one.SendAsync(GetCredits.Endpoint, _member)).GetProperty("credits").GetInt32());
    }

    // What his key had begun could not be ended: its slot was gone for good.
    [Fact]
    public async Task What_he_began_is_ended_by_the_service_whichever_key_it_sends()
    {
        await BeginAsync();
        var (_, key) = await KeyAsync();
        var (_, test) = await KeyAsync("test");
        var begun = new List<string?>();
        for (var i = 0; i < 4; i++)
        {
            begun.Add((await _one.ServiceAsync(AdmitGeneration.Endpoint, i < 3 ? key : test, Small)).GetProperty("id").GetString());
        }

        await LeaveAsync();
        Assert.Equal(200, (await _one.AskAsync(CompleteGeneration.Endpoint, Service, new { }, begun[0], key)).StatusCode);
        Assert.Equal(200, (await _other.AskAsync(FailGeneration.Endpoint, Service, new { reason = "server_error" }, begun[1])).StatusCode);
        Assert.Equal(200, (await _other.AskAsync(HeartbeatGeneration.Endpoint, Service, null, begun[2], key)).StatusCode);
        Assert.Equal(200, (await _one.AskAsync(CompleteGeneration.Endpoint, Service, new { }, begun[3], test)).StatusCode);
        await JoinAsync();
        Assert.Equal(200, (await _one.AskAsync(CompleteGeneration.Endpoint, Service, new { }, begun[2], key)).StatusCode);
        Assert.Equal(0, (await _one.QueryAsync(GetCredits.Endpoint, _owner, $"?workspaceId={_team}")).GetProperty("running").GetInt32());
    }

    // With the key of his own workspace he went on spending the team's credits.
    [Fact]
    public async Task With_his_own_key_he_spends_his_own_credits()
    {
        await BeginAsync();
        var own = (await _one.SendAsync(CreateApiKey.Endpoint, _member, new { name = "Own", environment = "production" })).GetProperty("key").GetString()!;
        var asked = new { size = "2K", workspace_id = _team };
        Assert.Equal(201, (await _one.AskAsync(AdmitGeneration.Endpoint, Service, asked, apiKey: own)).StatusCode);
        var quote = (await _one.SendAsync(QuoteGeneration.Endpoint, own, asked)).GetProperty("quote").GetString();
        await LeaveAsync();
        Assert.Equal(404, (await _one.AskAsync(AdmitGeneration.Endpoint, Service, asked, apiKey: own)).StatusCode);
        Assert.Equal(404, (await _one.AskAsync(AdmitGeneration.Endpoint, Service, new { quote, workspace_id = _team }, apiKey: own)).StatusCode);
        Assert.Equal(400, (await _one.AskAsync(AdmitGeneration.Endpoint, Service, new { quote }, apiKey: own)).StatusCode);
        Assert.Equal(404, (await _one.AskAsync(AdmitBatch.Endpoint, Service, new { items = new[] { Small }, workspace_id = _team }, apiKey: own)).StatusCode);
        Assert.Equal(201, (await _one.AskAsync(AdmitGeneration.Endpoint, Service, Small, apiKey: own)).StatusCode);
    }

    // The addresses and keys that he has elsewhere were taken with those of the team, or the others' with his.
    [Fact]
    public async Task What_he_and_others_have_elsewhere_stays()
    {
        await BeginAsync();
        var second = (await _one.OperatorAsync(CreateWorkspace.Endpoint, new { account_id = _bob, name = "Second" })).GetProperty("workspace_id").GetString()!;
        var keys = new List<string> { (await KeyAsync(session: _owner)).Key, (await KeyAsync(team: second)).Key, (await _one.SendAsync(CreateApiKey.Endpoint, _member, new { name = "Own", environment = "production" })).GetProperty("key").GetString()! };
        foreach (var (session, workspace) in new[] { (_owner, _team), (_member, second), (_member, null) })
        {
            Assert.Equal(201, await StatusAsync(_one, CreateWebhook.Endpoint, session, new { url = "http://127.0.0.1:9/hook", events = new[] { "credits.low" }, workspace_id = workspace }));
        }

        await LeaveAsync();
        foreach (var key in keys)
        {
            Assert.Equal(200, await StatusAsync(_one, GetCredits.Endpoint, key));
        }

        foreach (var (session, query) in new[] { (_owner, $"?workspaceId={_team}"), (_member, $"?workspaceId={second}"), (_member, "") })
        {
            var hook = Assert.Single((await _one.QueryAsync(ListWebhooks.Endpoint, session, query)).GetProperty("webhooks").EnumerateArray());
            Assert.Equal(JsonValueKind.Null, hook.GetProperty("disabled_reason").ValueKind);
        }
    }

    // The removal broke in the middle: he was out, and his doors stood open, or they were shut, and he was in and could not be removed any more.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_removal_that_broke_in_the_middle_is_made_good_by_the_next(int commits)
    {
        await BeginAsync();
        var (_, key) = await KeyAsync();
        await _one.AskAsync(CreateWebhook.Endpoint, _member, Hook("http://127.0.0.1:9/hook"));
        var left = commits;
        _one.Store.BeforeCommit = (_, _) => left-- > 0 ? Task.FromResult<CommitResult?>(null) : throw new StorageUnavailableException("Away.");
        var first = await StatusAsync(_one, RemoveMember.Endpoint, Operator, new { account_id = _bob }, _team);
        _one.Store.BeforeCommit = null;
        var second = await StatusAsync(_one, RemoveMember.Endpoint, Operator, new { account_id = _bob }, _team);
        Assert.True((first, second) is (503, 204) or (503, 404) or (204, 404), $"{first} {second}");
        Assert.Equal(401, await StatusAsync(_one, GetCredits.Endpoint, key));
        Assert.Equal(401, await StatusAsync(_other, GetCredits.Endpoint, key));
        var hook = Assert.Single((await _one.QueryAsync(ListWebhooks.Endpoint, _owner, $"?workspaceId={_team}")).GetProperty("webhooks").EnumerateArray());
        Assert.Equal("member_left", hook.GetProperty("disabled_reason").GetString());
        await JoinAsync();
        Assert.Equal(401, await StatusAsync(_one, GetCredits.Endpoint, key));
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
    }

    private object Hook(string url) => new { url, events = new[] { "credits.low", "credits.topped_up", "ping" }, workspace_id = _team };

    private async Task BeginAsync()
    {
        (_ada, _bob) = (await AccountAsync(), await AccountAsync());
        (_owner, _member) = (await SessionAsync(_ada), await SessionAsync(_bob));
        _team = (await _one.OperatorAsync(CreateWorkspace.Endpoint, new { account_id = _ada, name = "Studio" })).GetProperty("workspace_id").GetString()!;
        await _one.OperatorAsync(CreateGrant.Endpoint, new { credits = 20, reason = "Start" }, _team);
        await JoinAsync();

        async Task<string> AccountAsync() => (await _one.OperatorAsync(CreateAccountEndpoint.Endpoint, new { product = "bloom", name = "Ada", email = "ada@example.com" })).GetProperty("account_id").GetString()!;
        async Task<string> SessionAsync(string account) => (await _one.OperatorAsync(CreateSession.Endpoint, new { account_id = account })).GetProperty("token").GetString()!;
    }

    private async Task JoinAsync() => Assert.Equal(201, await StatusAsync(_one, AddMember.Endpoint, Operator, new { account_id = _bob }, _team));

    private async Task LeaveAsync() => Assert.Equal(204, await StatusAsync(_one, RemoveMember.Endpoint, Operator, new { account_id = _bob }, _team));

    private async Task<(string Id, string Key)> KeyAsync(string environment = "production", string? session = null, string? team = null)
    {
        var key = await _one.SendAsync(CreateApiKey.Endpoint, session ?? _member, new { name = "Key", environment, workspace_id = team ?? _team });
        return (key.GetProperty("id").GetString()!, key.GetProperty("key").GetString()!);
    }

    private async Task ConsumeAsync(string queue)
    {
        foreach (var (_, message, id, receipt) in _one.Messages.Drain(queue))
        {
            await _one.Get<MessageDispatcher>().ConsumeAsync(new ShardQueue(0, queue), new ReceivedMessage(id, receipt, message, 1, DateTimeOffset.UtcNow, IsText: true));
        }
    }

    private static async Task<int> StatusAsync(Backstage backstage, ApiEndpoint endpoint, string bearer, object? body = null, string? id = null) =>
        (await backstage.AskAsync(endpoint, bearer, body, id)).StatusCode;
}
