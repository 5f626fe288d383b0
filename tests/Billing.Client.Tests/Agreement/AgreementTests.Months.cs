namespace Billing.Client.Tests.Agreement;

public abstract partial class AgreementTests
{
    private async Task<Buyer> AtTheEdgeAsync()
    {
        var buyer = await stage.BuyerAsync("bluma", "starter");
        await Operator.AdjustAsync(buyer.WorkspaceId, -99, "A case");
        return buyer;
    }

    [Fact]
    public async Task What_credits_do_not_cover_is_overage_where_the_plan_has_it()
    {
        var buyer = await AtTheEdgeAsync();
        var generation = await AdmitAsync(buyer, Stage.Video());
        Assert.Equal(new Charged(1, 1, new Money(50, "USD")), generation.Charged);
        var balance = await Client.GetCreditsAsync(buyer);
        Assert.Equal((0, 1, new Money(50, "USD")), (balance.Credits, balance.OverageUsed, balance.OverageAmount));
    }

    [Fact]
    public async Task Overage_is_given_back_like_credits()
    {
        var buyer = await AtTheEdgeAsync();
        await Client.FailAsync((await AdmitAsync(buyer, Stage.Video())).Id, FailReasons.ServerError);
        var balance = await stage.SeeAsync(() => Client.GetCreditsAsync(buyer), seen => seen.Credits == 1);
        Assert.Equal(0, balance.OverageUsed);
    }

    [Fact]
    public async Task Overage_is_invoiced_when_its_month_has_ended()
    {
        var buyer = await AtTheEdgeAsync();
        await Client.CompleteAsync((await AdmitAsync(buyer, Stage.Video())).Id);
        await Client.CompleteAsync((await AdmitAsync(buyer, Stage.Video())).Id);
        var month = stage.Now;
        await stage.AdvanceAsync(new DateTimeOffset(month.Year, month.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1) - month);
        var invoice = Assert.Single((await Operator.ListInvoicesAsync(buyer.WorkspaceId)).Invoices);
        Assert.Equal(($"{month:yyyy-MM}", 2, new Money(100, "USD")), (invoice.Month, invoice.Units, invoice.Total));
    }

    [Fact]
    public async Task A_free_plan_has_no_overage()
    {
        var buyer = await stage.BuyerAsync("bluma");
        await Operator.AdjustAsync(buyer.WorkspaceId, -9, "A case");
        Assert.Equal(ProblemCodes.InsufficientCredits, (await RefusedAsync(buyer, Stage.Video())).Code);
    }

    [Fact]
    public async Task A_period_that_ends_takes_what_is_left_and_gives_anew()
    {
        var buyer = await stage.BuyerAsync("bluma", "starter");
        await Client.CompleteAsync((await AdmitAsync(buyer, Stage.Video())).Id);
        var renewsAt = (await Client.GetCreditsAsync(buyer)).RenewsAt!.Value;
        await stage.AdvanceAsync(renewsAt - stage.Now);
        await HasAsync(buyer, 100);
        var lines = await Client.ListHistoryAsync(buyer).Take(2).ToListAsync();
        Assert.Equal([("purchase", 100), ("renewal_expiry", -98)], lines.Select(line => (line.Type, (int)line.Amount)));
        Assert.Equal("Monthly renewal: Starter plan", lines[0].Description);
    }

    [Fact]
    public async Task Who_cancels_keeps_the_period_and_falls_to_the_free_plan()
    {
        var buyer = await stage.BuyerAsync("bluma", "starter");
        var canceled = await Operator.CancelSubscriptionAsync(buyer.WorkspaceId);
        Assert.Equal(("canceled", true), (canceled.PlanStatus, canceled.CancelAtPeriodEnd));
        Assert.Equal(100, await CreditsAsync(buyer));
        await stage.AdvanceAsync(canceled.PeriodEndsAt - stage.Now);
        await HasAsync(buyer, 10);
        Assert.Equal("free", (await Client.GetCreditsAsync(buyer)).Plan);
    }

    [Fact]
    public async Task An_upgrade_of_bloom_grants_at_once()
    {
        var buyer = await stage.BuyerAsync("bloom", "plus");
        var before = await CreditsAsync(buyer);
        Assert.Equal("pro", (await Operator.SubscribeAsync(buyer.WorkspaceId, "pro")).Plan);
        Assert.Equal(before + 50, await CreditsAsync(buyer));
    }

    [Fact]
    public async Task Credits_of_a_plan_are_chosen_where_it_says_so()
    {
        var buyer = await stage.BuyerAsync("bloom", "scale", 500);
        Assert.Equal(500, (await Client.GetCreditsAsync(buyer)).MonthlyAllowance);
        Assert.Equal(400, (await RefusedAsync(() => Operator.SubscribeAsync(buyer.WorkspaceId, "scale", 100))).Status);
    }

    [Fact]
    public async Task What_is_given_ends_when_it_was_said_to()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var grant = await Operator.GrantAsync(buyer.WorkspaceId, 2.2500m, "Sorry", stage.Now.AddDays(1));
        Assert.Equal((2.25m, 12.25m), (grant.Credits, grant.BalanceAfter));
        await stage.AdvanceAsync(TimeSpan.FromDays(2));
        await HasAsync(buyer, 10);
    }

    [Fact]
    public async Task A_dispute_that_was_won_gives_back()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var topUp = await Operator.TopUpAsync(buyer.WorkspaceId, 20, "pay_1");
        await Operator.ReverseTopUpAsync(buyer.WorkspaceId, topUp.Id, "Dispute", "dp_1", 5);
        Assert.Equal(25, await CreditsAsync(buyer));
        var reinstated = await Operator.ReinstateTopUpAsync(buyer.WorkspaceId, topUp.Id, "dp_1");
        Assert.Equal((20, true), (reinstated.Left, reinstated.Reversals.Single().ReinstatedAt is not null));
        Assert.Equal(30, await CreditsAsync(buyer));
    }

    [Fact]
    public async Task The_books_agree_after_all_that()
    {
        var buyer = await AtTheEdgeAsync();
        await Client.CompleteAsync((await AdmitAsync(buyer, Stage.Video())).Id);
        await Client.FailAsync((await AdmitAsync(buyer, Stage.Video())).Id, FailReasons.ServerError);
        await stage.AdvanceAsync(TimeSpan.FromDays(40));
        await Operator.TopUpAsync(buyer.WorkspaceId, 20, "pay_1");
        var audit = await Operator.AuditAsync(buyer.WorkspaceId);
        Assert.Equal((true, audit.Balance), (audit.Ok, audit.LedgerBalance));
        Assert.Equal(audit.Balance, (await Operator.GetCreditsAsync(buyer.WorkspaceId)).Credits);
        Assert.Equal(audit.Entries, (await Operator.GetWorkspaceAsync(buyer.WorkspaceId)).Entries);
    }
}
