namespace Billing.Client.Tests.Agreement;

/// <summary>Customers by the seller's own ids, and lists.</summary>
public abstract partial class AgreementTests
{
    [Fact]
    public async Task A_customer_is_named_by_the_sellers_own_id()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var customer = Customer.OfExternalId(buyer.ExternalId);
        Assert.Equal((buyer.WorkspaceId, 8), await AdmitAsync(customer, Stage.Images(1)) is var made ? (made.WorkspaceId, made.Credits) : default);
        Assert.Equal(8, await CreditsAsync(customer));
        Assert.True((await AdmitAsync(Customer.OfExternalId(buyer.ExternalId, testMode: true), Stage.Images(1))).TestMode);
    }

    [Fact]
    public async Task An_id_that_nobody_knows()
    {
        var problem = await RefusedAsync(Customer.OfExternalId("nobody"), Stage.Images(1));
        Assert.Equal((404, ProblemCodes.NotFound), (problem.Status, problem.Code));
    }

    [Fact]
    public async Task An_account_is_opened_at_first_sight_once()
    {
        var id = Guid.NewGuid().ToString();
        var customer = Customer.OfExternalId(id).OrCreate(new NewCustomer("bloom") { Name = "Ada", Email = "ada@example.com" });
        var admissions = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Client.AdmitAsync(customer, Stage.Images(1))));
        Assert.Equal(5, admissions.OfType<Admission.Admitted>().Count());
        var account = Assert.Single((await Operator.FindAccountsAsync(id)).Accounts);
        Assert.Equal(("Ada", "bloom"), (account.Name, account.Product));
        Assert.Single(admissions.OfType<Admission.Admitted>().Select(admitted => admitted.Generation.WorkspaceId).Distinct());
    }

    [Fact]
    public async Task A_batch_opens_an_account_too()
    {
        var customer = Customer.OfExternalId(Guid.NewGuid().ToString()).OrCreate(new NewCustomer("bloom"));
        Assert.Equal(8, (await Client.AdmitBatchAsync(customer, [Stage.Images(1)])).Credits);
    }

    [Fact]
    public async Task An_id_that_several_products_know_needs_the_product()
    {
        var id = Guid.NewGuid().ToString();
        await Operator.CreateAccountAsync(new NewAccount("bloom", "Ada", "ada@example.com") { ExternalId = id });
        await Operator.CreateAccountAsync(new NewAccount("bluma", "Ada", "ada@example.com") { ExternalId = id });
        Assert.Equal(400, (await RefusedAsync(Customer.OfExternalId(id), Stage.Images(1))).Status);
        await AdmitAsync(Customer.OfExternalId(id, "bloom"), Stage.Images(1));
        await AdmitAsync(Customer.OfExternalId(id, "bluma"), Stage.Video());
    }

    [Fact]
    public async Task Generations_are_listed_newest_first_by_what_is_asked()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var ids = new List<string>();
        for (var made = 0; made < 5; made++)
        {
            ids.Insert(0, (await AdmitAsync(buyer, Stage.Images(1, "2K"))).Id);
            await stage.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        await Client.CompleteAsync(ids[1]);
        Assert.Equal(ids, await Client.ListGenerationsAsync(buyer, new GenerationFilter { PageSize = 2 }).Select(one => one.Id).ToListAsync());
        Assert.Equal([ids[1]], await Client.ListGenerationsAsync(buyer, new GenerationFilter { Status = GenerationStatus.Completed }).Select(one => one.Id).ToListAsync());
        Assert.Equal(ids, await Operator.ListGenerationsAsync(buyer.WorkspaceId).Select(one => one.Id).ToListAsync());
        var from = (await Client.GetGenerationAsync(buyer, ids[2])).CreatedAt;
        Assert.Equal(ids[..3], await Client.ListGenerationsAsync(buyer, new GenerationFilter { From = from }).Select(one => one.Id).ToListAsync());
    }

    [Fact]
    public async Task Accounts_are_listed_changed_and_closed()
    {
        var buyer = await stage.BuyerAsync("gleam", "lifetime");
        var listed = await Operator.ListAccountsAsync(new AccountFilter { Product = "gleam", Plan = "lifetime", PageSize = 2 }).SingleAsync(account => account.AccountId == buyer.AccountId);
        Assert.Equal((buyer.ExternalId, "active"), (listed.ExternalId, listed.PlanStatus));
        Assert.Equal("Grace", (await Operator.ChangeAccountAsync(buyer.AccountId, new AccountChange { Name = "Grace" })).Name);
        Assert.Equal("Grace", (await Operator.GetAccountAsync(buyer.AccountId)).Name);
        var closed = await Operator.CloseAccountAsync(buyer.AccountId);
        Assert.NotNull(closed.ClosedAt);
        Assert.Equal(closed.ClosedAt, (await Operator.CloseAccountAsync(buyer.AccountId)).ClosedAt);
        Assert.Equal(401, (await RefusedAsync(buyer, Stage.Image())).Status);
    }

    [Fact]
    public async Task Events_of_all_workspaces_are_read_from_a_place_on()
    {
        var place = await EndAsync();
        var buyer = await stage.BuyerAsync("bluma", "starter");
        await Operator.TopUpAsync(buyer.WorkspaceId, 20, "pay_1");
        await Operator.ReportPaymentAsync(buyer.WorkspaceId, new PaymentReport("failed", "inv_1"));
        var events = await stage.SeeAsync(
            async () => await Operator.ListEventsAsync(place).Where(one => one.WorkspaceId == buyer.WorkspaceId).ToListAsync(), seen => seen.OfType<SubscriptionPausedEvent>().Any());
        Assert.Equal(buyer.ExternalId, Assert.Single(events.OfType<AccountCreatedEvent>()).ExternalId);
        Assert.Equal(20, Assert.Single(events.OfType<CreditsToppedUpEvent>()).Amount);
        Assert.Equal("inv_1", Assert.Single(events.OfType<SubscriptionPausedEvent>()).Reference);
        Assert.Equal(events.Count, events.Select(one => one.Id).Distinct().Count());
    }

    [Fact]
    public async Task What_the_seller_alone_hears_is_typed_too()
    {
        var place = await EndAsync();
        var buyer = await stage.BuyerAsync("bluma", "starter");
        var generation = await AdmitAsync(buyer, Stage.Video());
        await Client.CompleteAsync(generation.Id);
        var refund = await Client.RequestRefundAsync(buyer, generation.Id, "quality_issue");
        await Operator.CancelSubscriptionAsync(buyer.WorkspaceId);
        var events = await stage.SeeAsync(
            async () => await Operator.ListEventsAsync(place).Where(one => one.WorkspaceId == buyer.WorkspaceId).ToListAsync(), seen => seen.OfType<SubscriptionChangedEvent>().Any(one => one.PlanStatus == "canceled"));
        Assert.Equal((buyer.AccountId, "bluma"), events.OfType<AccountCreatedEvent>().Single() is var created ? (created.AccountId, created.Product) : default);
        Assert.Equal((refund.Id, generation.Id, 2), events.OfType<RefundRequestedEvent>().Single() is var asked ? (asked.RefundId, asked.GenerationId, asked.Credits) : default);
        Assert.All(events, one => Assert.NotEqual(typeof(BillingEvent), one.GetType()));
    }

    [Fact]
    public async Task The_sellers_endpoints_are_made_listed_and_removed()
    {
        var webhook = await Operator.CreateWebhookAsync("http://127.0.0.1:9/hear", [BillingEventTypes.AccountCreated]);
        Assert.StartsWith("whsec_", webhook.Secret, StringComparison.Ordinal);
        Assert.Contains((await Operator.ListWebhooksAsync()).Webhooks, one => one.Id == webhook.Id && one.Secret is null);
        await Operator.DeleteWebhookAsync(webhook.Id);
        Assert.DoesNotContain((await Operator.ListWebhooksAsync()).Webhooks, one => one.Id == webhook.Id);
    }

    [Fact]
    public async Task Customers_are_brought_in_once()
    {
        var id = Guid.NewGuid().ToString();
        ImportRow[] rows =
        [
            new(id, "Ada", "bluma") { Email = "ada@example.com", Plan = "starter", StartedAt = stage.Now.AddDays(-10), PlanCreditsLeft = 40, Grants = [new(20, Paid: new Money(1000, "USD"))] },
            new("none", "Eve", "no such product"),
        ];
        var dry = await Operator.ImportAsync(rows, dryRun: true);
        Assert.Equal((true, 1, 1, 60), (dry.DryRun, dry.Totals.Created, dry.Totals.Refused, dry.Totals.Credits));
        Assert.Empty((await Operator.FindAccountsAsync(id)).Accounts);
        var real = await Operator.ImportAsync(rows);
        Assert.Equal(["created", "refused"], real.Results.Select(result => result.Status));
        Assert.Empty(real.Audit!.Failed);
        Assert.Equal((60, stage.Now.AddDays(-10)), await Client.GetCreditsAsync(Customer.OfExternalId(id)) is var balance ? (balance.Credits, balance.PeriodStartsAt) : default);
        Assert.Equal(["unchanged", "refused"], (await Operator.ImportAsync(rows)).Results.Select(result => result.Status));
    }

    private async Task<string?> EndAsync()
    {
        string? place = null;
        for (var page = await Operator.GetEventsAsync(place); page.Events.Count > 0; page = await Operator.GetEventsAsync(place))
        {
            place = page.Next;
        }

        return place;
    }
}
