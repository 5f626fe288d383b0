using System.Text.Json;
using Billing.Api.Admin;
using Billing.Api.Balances;
using Billing.Api.Http;
using Billing.Api.Keys;
using Billing.Api.Tests.Telemetry;
using Billing.Api.Workspaces;
using Billing.Engine.Directories;
using Billing.Engine.Ports;
using Billing.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Api.Tests.ReportedElsewhere;

/// <summary>Limits over two instances on the same tables.</summary>
public sealed class LimitTests
{
    private static readonly object NewKey = new { name = "Key", environment = "production" };

    // The keys were counted, and then one was added: forty requests at once all saw room.
    [Fact]
    public async Task Forty_at_once_do_not_pass_the_limit_of_keys()
    {
        await using var backstage = new Backstage();
        await using var other = Beside(backstage);
        var (_, session) = await OpenAsync(backstage);
        var ids = new List<string>();
        for (var i = 0; i < 192; i++)
        {
            ids.Add((await backstage.SendAsync(CreateApiKey.Endpoint, session, NewKey)).GetProperty("id").GetString()!);
        }

        var statuses = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => StatusAsync(i % 2 == 0 ? backstage : other, CreateApiKey.Endpoint, session, NewKey)));
        Assert.Equal((8, 32), (statuses.Count(status => status == 201), statuses.Count(status => status == 409)));
        Assert.Equal(KeyRing.Most, (await backstage.SendAsync(ListApiKeys.Endpoint, session)).GetProperty("api_keys").GetArrayLength());

        await backstage.SendAsync(RevokeApiKey.Endpoint, session, id: ids[0]);
        Assert.Equal(201, await StatusAsync(other, CreateApiKey.Endpoint, session, NewKey));
        Assert.Equal(409, await StatusAsync(backstage, CreateApiKey.Endpoint, session, NewKey));
    }

    // Revoked keys were counted for ever: who rotated 200 times never had a key again.
    [Fact]
    public async Task Keys_may_be_rotated_for_ever_and_the_old_ones_leave_the_list()
    {
        await using var backstage = new Backstage();
        var (account, session) = await OpenAsync(backstage);
        for (var i = 0; i < 2 * KeyRing.Most + 5; i++)
        {
            // A session may do 600 things a minute.
            backstage.MoveTo($"2025-11-01T00:{i / 60:00}:{i % 60:00}Z");
            var key = (await backstage.SendAsync(CreateApiKey.Endpoint, session, NewKey)).GetProperty("id").GetString();
            Assert.Equal(200, await StatusAsync(backstage, RevokeApiKey.Endpoint, session, id: key));
        }

        Assert.Equal(2 * KeyRing.Most + 5, (await backstage.SendAsync(ListApiKeys.Endpoint, session)).GetProperty("api_keys").GetArrayLength());
        backstage.MoveTo("2026-01-30T00:10:00Z");
        session = await SessionAsync(backstage, account);
        Assert.Equal(0, (await backstage.SendAsync(ListApiKeys.Endpoint, session)).GetProperty("api_keys").GetArrayLength());
        Assert.Equal(201, await StatusAsync(backstage, CreateApiKey.Endpoint, session, NewKey));
        Assert.Single(backstage.Store.RowsOf(Table.People), found => found.Row.Key.StartsWith("key:", StringComparison.Ordinal));
    }

    // Accounts whose keys were made before they were counted lost their limit, or all their room.
    [Fact]
    public async Task Keys_from_before_the_count_are_counted()
    {
        await using var backstage = new Backstage();
        var (_, session) = await OpenAsync(backstage);
        var keys = new List<JsonElement>();
        for (var i = 0; i < KeyRing.Most - 1; i++)
        {
            keys.Add(await backstage.SendAsync(CreateApiKey.Endpoint, session, NewKey));
        }

        var ring = backstage.Store.RowsOf(Table.Ledger).Single(found => found.Row.Key == KeyRing.Key);
        backstage.Store.Arrive(ring.Partition, [RowWrite.Delete(KeyRing.Key)]);
        Assert.Equal(201, await StatusAsync(backstage, CreateApiKey.Endpoint, session, NewKey));
        Assert.Equal(409, await StatusAsync(backstage, CreateApiKey.Endpoint, session, NewKey));
    }

    // A key with an end in sight went on working after it.
    [Fact]
    public async Task A_key_that_expired_does_not_work()
    {
        await using var backstage = new Backstage();
        var (_, session) = await OpenAsync(backstage);
        var limited = await backstage.SendAsync(CreateApiKey.Endpoint, session, new { name = "Key", environment = "production", expires_at = "2025-11-01T06:00:00Z" });
        var key = limited.GetProperty("key").GetString()!;
        Assert.Equal("2025-11-01T06:00:00Z", limited.GetProperty("expires_at").GetString());
        backstage.MoveTo("2025-11-01T05:59:59Z");
        Assert.Equal(200, await StatusAsync(backstage, GetCredits.Endpoint, key));
        backstage.MoveTo("2025-11-01T06:00:00Z");
        Assert.Equal(401, await StatusAsync(backstage, GetCredits.Endpoint, key));
        Assert.Equal(400, await StatusAsync(backstage, CreateApiKey.Endpoint, session, new { name = "Key", environment = "production", expires_at = "2025-11-01T06:00:00Z" }));
    }

    // A list of 500 held the first 500 of 506, and the others were never seen again.
    [Fact]
    public async Task Every_workspace_that_could_be_made_is_shown()
    {
        await using var backstage = new Backstage();
        var (account, session) = await OpenAsync(backstage);
        var statuses = await Task.WhenAll(Enumerable.Range(0, 505).Select(_ => StatusAsync(backstage, CreateWorkspace.Endpoint, null, new { account_id = account, name = "Team" })));
        Assert.All(statuses, status => Assert.Equal(201, status));
        Assert.Equal(506, (await backstage.SendAsync(GetWorkspaces.Endpoint, session)).GetProperty("workspaces").GetArrayLength());
    }

    // Forty that joined at once each counted before the others had.
    [Fact]
    public async Task Forty_at_once_do_not_pass_the_limit_of_workspaces()
    {
        await using var backstage = new Backstage();
        await using var other = Beside(backstage);
        var (account, session) = await OpenAsync(backstage);
        for (var i = 0; i < AccountDirectory.MostMemberships - 6; i++)
        {
            backstage.Store.Arrive(new Partition(Table.People, account), [Membership($"ws_{i:0000000000000000}")]);
        }

        var statuses = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            StatusAsync(i % 2 == 0 ? backstage : other, CreateWorkspace.Endpoint, null, new { account_id = account, name = "Team" })));
        Assert.Equal((5, 35), (statuses.Count(status => status == 201), statuses.Count(status => status == 409)));
        Assert.Equal(AccountDirectory.MostMemberships, (await backstage.SendAsync(GetWorkspaces.Endpoint, session)).GetProperty("workspaces").GetArrayLength());
    }

    // Two requests for one customer met, both were answered 201, and what was stored was half of each.
    [Fact]
    public async Task Of_two_accounts_with_one_external_id_one_is_stored_whole()
    {
        await using var backstage = new Backstage();
        await using var other = Beside(backstage);
        for (var i = 0; i < 20; i++)
        {
            var asked = new[] { Account("Ada", "starter", $"c-{i}"), Account("Grace", "pro", $"c-{i}") };
            var answers = await Task.WhenAll(
                backstage.OperatorAsync(CreateAccountEndpoint.Endpoint, asked[0]),
                other.OperatorAsync(CreateAccountEndpoint.Endpoint, asked[1]));
            var winner = Assert.Single(answers, answer => answer.TryGetProperty("account_id", out _));
            Assert.Equal("CONFLICT", Assert.Single(answers, answer => answer.TryGetProperty("code", out _)).GetProperty("code").GetString());

            var (name, plan) = winner.Equals(answers[0]) ? ("Ada", "starter") : ("Grace", "pro");
            var profile = backstage.Store.RowsOf(new Partition(Table.People, winner.GetProperty("account_id").GetString()!));
            Assert.Contains(profile, row => row.Data.Text.Contains($"\"name\":\"{name}\"", StringComparison.Ordinal) && row.Key == "profile");
            var workspace = await backstage.OperatorAsync(GetWorkspaceAccount.Endpoint, id: winner.GetProperty("workspace_id").GetString());
            Assert.Equal((name, plan), (workspace.GetProperty("account").GetProperty("name").GetString(), workspace.GetProperty("account").GetProperty("plan").GetString()));
        }
    }

    // The same request twice at once was answered with a conflict, so that the caller did not learn its own customer's id.
    [Fact]
    public async Task Two_that_ask_for_the_same_account_get_it()
    {
        await using var backstage = new Backstage();
        await using var other = Beside(backstage);
        var asked = Account("Ada", "starter", "c-1");
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? backstage : other).OperatorAsync(CreateAccountEndpoint.Endpoint, asked)));
        Assert.Single(answers.Select(answer => answer.GetProperty("account_id").GetString()).Distinct());
        backstage.MoveTo("2025-11-05T00:00:00Z");
        Assert.Equal(answers[0].GetRawText(), (await backstage.OperatorAsync(CreateAccountEndpoint.Endpoint, asked)).GetRawText());
        Assert.Equal(409, await StatusAsync(backstage, CreateAccountEndpoint.Endpoint, null, Account("Ada", "pro", "c-1")));
        Assert.Equal(409, await StatusAsync(backstage, CreateAccountEndpoint.Endpoint, null, Account("Ada", null, "c-1")));
    }

    private static object Account(string name, string? plan, string externalId) => new { product = "bluma", name, email = "a@example.com", plan, external_id = externalId };

    private static RowWrite Membership(string workspaceId) => new(
        WriteKind.Insert, new Row($"workspace:{workspaceId}", $$"""{"workspace_id":"{{workspaceId}}","name":"Team","type":"team","role":"owner"}"""));

    private static Backstage Beside(Backstage backstage) => new(change: services => services.AddSingleton<ITableStore>(backstage.Store));

    private static async Task<(string AccountId, string Session)> OpenAsync(Backstage backstage)
    {
        var account = await backstage.OperatorAsync(CreateAccountEndpoint.Endpoint, new { product = "bluma", name = "Ada", email = "ada@example.com" });
        var accountId = account.GetProperty("account_id").GetString()!;
        return (accountId, await SessionAsync(backstage, accountId));
    }

    private static async Task<string> SessionAsync(Backstage backstage, string accountId) =>
        (await backstage.OperatorAsync(CreateSession.Endpoint, new { account_id = accountId })).GetProperty("token").GetString()!;

    private static async Task<int> StatusAsync(Backstage backstage, ApiEndpoint endpoint, string? bearer, object? body = null, string? id = null) =>
        (await backstage.AskAsync(endpoint, bearer ?? "an-operator-key", body, id)).StatusCode;
}
