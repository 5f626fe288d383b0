using System.Text;
using Billing.Api.Tests.Pages.Browser;
using Billing.Api.Tests.Worlds;
using Billing.Engine.Due;
using Billing.Testing;

namespace Billing.Api.Tests.Pages;

/// <summary>The operator page.</summary>
public sealed class OperatorTests
{
    [BrowserFact]
    public async Task A_wrong_operator_key_stays_outside()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        await using var page = await Tab.OpenAsync(customer.World, "/operator");
        await page.LooksWellAsync("sign-in");
        foreach (var wrong in new[] { "guess", customer.Key, customer.SessionToken, customer.World.ServiceKey })
        {
            await page.ReloadAsync();
            await page.SignInAsync("Operator key", wrong);
            await page.SeesAsync("#sign-in", "That operator key does not work.");
            await page.MissesAsync("#page", "Find a workspace");
        }

        await page.LooksWellAsync("wrong-key");
    }

    [BrowserFact]
    public async Task A_workspace_is_found_audited_and_its_refund_approved()
    {
        var world = await World.Shared;
        var externalId = $"crm-{Guid.NewGuid():N}";
        var account = (await world.Operator.PostAsync("admin/accounts", Json.Of(new { product = "bluma", name = "Grace", email = "grace@example.com", plan = "starter", external_id = externalId }))).Is(201);
        var customer = await world.CustomerAsync("bluma", account.Text("account_id"), account.Text("workspace_id"));
        var generation = await customer.CompleteAsync(await customer.AdmitAsync(Requests.Six));
        (await customer.Own.PostAsync("refunds", Json.Of(new { generation_id = generation.Text("id"), reason = "quality_issue", note = "Blurred" }))).Is(202);
        await using var page = await Tab.OperatorAsync(world);

        await page.WriteAsync("Workspace id, or your own id of the account", externalId);
        await page.PressAsync("Find");
        await page.SeesAsync("Find a workspace", "Grace", "active", customer.WorkspaceId, "Credits94", "Plan credits94", "Renews" + "Dec 1, 2025", "Quality issue: Blurred", "Video generation", "Monthly renewal: Starter plan", "2 of 2", "No invoices yet.");
        await page.PressAsync("Audit the ledger");
        await page.SeesAsync("Find a workspace", "The ledger adds up: 2 entries, 94 credits.");
        await page.LooksWellAsync("workspace");

        await page.PressAsync("Approve", row: "Blurred");
        await page.SeesAsync("Find a workspace", "Approved: 6 credits on the way back.", "Nothing to review.");
        await customer.SeesCreditsAsync(100);
        await page.WriteAsync("Workspace id, or your own id of the account", customer.WorkspaceId);
        await page.PressAsync("Find");
        await page.SeesAsync("Find a workspace", "Credits100", "Refund: " + generation.Text("id"), "3 of 3");
    }

    [BrowserFact]
    public async Task What_is_not_there_is_said_to_be_missing()
    {
        await using var page = await Tab.OperatorAsync(await World.Shared);
        await page.WriteAsync("Workspace id, or your own id of the account", "nobody");
        await page.PressAsync("Find");
        await page.SeesAsync("Find a workspace", "There is no such account.");
        await page.WriteAsync("Workspace id, or your own id of the account", "ws_0000000000000000");
        await page.PressAsync("Find");
        await page.SeesAsync("Find a workspace", "There is no such workspace.");
        await page.LooksWellAsync("missing");
    }

    [BrowserFact]
    public async Task Poison_messages_are_shown_and_retried_and_jobs_run()
    {
        await using var world = await World.StartAsync();
        await world.CustomerAsync("bluma", "starter");
        await world.OpenQueue(Queues.Renewals).SendMessageAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes("rubbish")));
        await Eventually.SeeAsync(() => world.Operator.GetAsync("admin/poison"), seen => seen.Is(200).At("messages").GetArrayLength() == 1);
        await using var page = await Tab.OperatorAsync(world);
        await page.SeesAsync("Poison messages", "renewals", "rubbish");

        await page.PressAsync("Run renewals");
        await page.SeesAsync("Jobs", "Renewals: 0 workspaces due, 0 messages sent.");
        await page.LooksWellAsync("poison");
        await world.MoveAsync("2025-12-01T00:00:00Z");
        await page.PressAsync("Run renewals");
        await page.SeesAsync("Jobs", "Renewals: 1 workspace due, 1 message sent.");

        await page.PressAsync("Retry", row: "rubbish");
        await page.SeesAsync("Poison messages", "The message is back in renewals.");
    }
}
