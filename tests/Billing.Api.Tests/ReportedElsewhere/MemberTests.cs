using System.Text.Json;
using Billing.Api.Admin;
using Billing.Api.Balances;
using Billing.Api.Keys;
using Billing.Api.Tests.Telemetry;
using Billing.Api.Webhooks;
using Billing.Engine.Ports;

namespace Billing.Api.Tests.ReportedElsewhere;

public sealed class MemberTests
{
    // Somebody left the team, and the address that he had set up went on hearing what it spent.
    [Fact]
    public async Task Who_leaves_takes_his_doors_with_him()
    {
        await using var backstage = new Backstage();
        var (ada, owner) = await SignInAsync(backstage);
        var (bob, member) = await SignInAsync(backstage);
        var team = (await backstage.OperatorAsync(CreateWorkspace.Endpoint, new { account_id = ada, name = "Studio" })).GetProperty("workspace_id").GetString()!;
        await backstage.OperatorAsync(AddMember.Endpoint, new { account_id = bob }, team);
        var hers = await HookAsync(owner);
        var his = await HookAsync(member);
        var key = await backstage.SendAsync(CreateApiKey.Endpoint, member, new { name = "Key", environment = "production", workspace_id = team });
        var text = key.GetProperty("key").GetString()!;
        Assert.Equal(team, (await backstage.SendAsync(GetCredits.Endpoint, text)).GetProperty("workspace_id").GetString());
        Assert.True((await backstage.SendAsync(VerifyKey.Endpoint, "a-service-key", new { key = text })).GetProperty("valid").GetBoolean());

        Assert.Equal(204, (await backstage.AskAsync(RemoveMember.Endpoint, "an-operator-key", new { account_id = bob }, team)).StatusCode);

        Assert.Equal(401, (await backstage.AskAsync(GetCredits.Endpoint, text)).StatusCode);
        Assert.False((await backstage.SendAsync(VerifyKey.Endpoint, "a-service-key", new { key = text })).GetProperty("valid").GetBoolean());
        Assert.Equal(404, (await backstage.AskAsync(TestWebhook.Endpoint, member, null, his)).StatusCode);
        Assert.Equal(409, (await backstage.AskAsync(TestWebhook.Endpoint, owner, null, his)).StatusCode);
        Assert.Equal(404, (await backstage.AskAsync(CreateApiKey.Endpoint, member, new { name = "Key", environment = "production", workspace_id = team })).StatusCode);
        var rows = backstage.Store.RowsOf(new Partition(Table.Ledger, team));
        Assert.Contains("member_left", rows.Single(row => row.Key == "hook:" + his[19..]).Data.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("disabled\":", rows.Single(row => row.Key == "hook:" + hers[19..]).Data.Text, StringComparison.Ordinal);
        using var told = JsonDocument.Parse(Assert.Single(rows, row => row.Key.StartsWith("evt:", StringComparison.Ordinal) && row.Data.Text.Contains("webhook.disabled", StringComparison.Ordinal)).Data.Text);
        Assert.Equal(("webhook.disabled", hers, his), (told.RootElement.GetProperty("type").GetString(), told.RootElement.GetProperty("targets")[0].GetString(), told.RootElement.GetProperty("data").GetProperty("webhook_id").GetString()));
        Assert.Equal(1, told.RootElement.GetProperty("targets").GetArrayLength());

        async Task<string> HookAsync(string session) => (await backstage.SendAsync(
            CreateWebhook.Endpoint, session, new { url = "http://127.0.0.1:9/hook", events = new[] { "credits.low" }, workspace_id = team })).GetProperty("id").GetString()!;
    }

    private static async Task<(string AccountId, string Session)> SignInAsync(Backstage backstage)
    {
        var account = (await backstage.OperatorAsync(CreateAccountEndpoint.Endpoint, new { product = "bluma", name = "Ada", email = "ada@example.com" })).GetProperty("account_id").GetString()!;
        return (account, (await backstage.OperatorAsync(CreateSession.Endpoint, new { account_id = account })).GetProperty("token").GetString()!);
    }
}
