namespace Billing.Client.Tests.Agreement;

public abstract partial class AgreementTests
{
    [Fact]
    public async Task Too_few_credits_say_what_is_missing()
    {
        var problem = await RefusedAsync(await stage.BuyerAsync("bloom"), Stage.Images(8));
        Assert.Equal((402, ProblemCodes.InsufficientCredits), (problem.Status, problem.Code));
        Assert.Equal((16, 10, 6, 5), (problem.Data!.Required, problem.Data.Available, problem.Data.Shortfall, problem.Data.MaxAffordable!["variant_count"]));
        Assert.NotNull(problem.Data.ActionUrl);
        Assert.NotNull(problem.RequestId);
    }

    [Theory]
    [InlineData("sise", "4K")]
    [InlineData("size", "8K")]
    [InlineData("variant_count", "3")]
    public async Task A_field_that_is_wrong_is_named(string field, string value)
    {
        var problem = await RefusedAsync(await stage.BuyerAsync("bloom"), field == "size" ? Stage.Of(field, value) : Stage.Of("size", "4K", field, value));
        Assert.Equal((400, ProblemCodes.InvalidRequest), (problem.Status, problem.Code));
        Assert.Equal([field], problem.Errors!.Keys);
    }

    [Theory]
    [InlineData("format", "gif", ProblemCodes.FormatNotSupported, 422)]
    [InlineData("width", 5001, ProblemCodes.DimensionsTooLarge, 422)]
    [InlineData("file_size_bytes", 5 * 1024 * 1024 + 1, ProblemCodes.FileTooLarge, 413)]
    public async Task Gleams_own_limits_have_codes_of_their_own(string field, object value, string code, int status)
    {
        var problem = await RefusedAsync(await stage.BuyerAsync("gleam"), Stage.Of(field, value));
        Assert.Equal((status, code), (problem.Status, problem.Code));
    }

    [Fact]
    public async Task A_template_that_the_plan_has_not()
    {
        var problem = await RefusedAsync(await stage.BuyerAsync("gleam"), Stage.Of("template", "brand-card"));
        Assert.Equal((403, ProblemCodes.TemplateNotInPlan), (problem.Status, problem.Code));
        await AdmitAsync(await stage.BuyerAsync("gleam", "pro"), Stage.Of("template", "brand-card"));
    }

    [Fact]
    public async Task A_key_that_is_none()
    {
        var problem = await RefusedAsync("bloom_live_0123456789", Stage.Images(1));
        Assert.Equal((401, ProblemCodes.Unauthorized), (problem.Status, problem.Code));
    }

    [Fact]
    public async Task A_workspace_that_is_none() =>
        Assert.Equal(ProblemCodes.NotFound, (await RefusedAsync(Customer.OfWorkspace("ws_0000000000000000"), Stage.Images(1))).Code);

    [Fact]
    public async Task A_generation_that_is_none()
    {
        Assert.Equal(ProblemCodes.NotFound, (await RefusedAsync(() => Client.CompleteAsync("gen_0000"))).Code);
        var (buyer, other) = (await stage.BuyerAsync("bloom"), await stage.BuyerAsync("bloom"));
        var generation = await AdmitAsync(buyer, Stage.Images(1));
        Assert.Equal(ProblemCodes.NotFound, (await RefusedAsync(() => Client.GetGenerationAsync(other, generation.Id))).Code);
    }

    [Fact]
    public async Task Gleam_free_makes_one_at_a_time()
    {
        var buyer = await stage.BuyerAsync("gleam");
        var first = await AdmitAsync(buyer, Stage.Image());
        var problem = await RefusedAsync(buyer, Stage.Image());
        Assert.Equal((429, ProblemCodes.ConcurrencyLimit), (problem.Status, problem.Code));
        await Client.CompleteAsync(first.Id);
        await AdmitAsync(buyer, Stage.Image());
    }

    [Fact]
    public async Task Gleam_free_makes_five_an_hour()
    {
        var buyer = await stage.BuyerAsync("gleam");
        for (var made = 0; made < 5; made++)
        {
            await Client.CompleteAsync((await AdmitAsync(buyer, Stage.Image())).Id);
        }

        var problem = await RefusedAsync(buyer, Stage.Image());
        Assert.Equal((429, ProblemCodes.TooManyRequests), (problem.Status, problem.Code));
        Assert.InRange(problem.RetryAfter!.Value, 1, 3600);
        await stage.AdvanceAsync(TimeSpan.FromSeconds(problem.RetryAfter.Value));
        await AdmitAsync(buyer, Stage.Image());
    }

    [Fact]
    public async Task A_limit_that_the_operator_sets_holds()
    {
        var buyer = await stage.BuyerAsync("gleam", "pro");
        var keyId = (await AdmitAsync(buyer, Stage.Image())).KeyId!;
        Assert.Equal(1, (await Operator.SetRateLimitAsync(keyId, 1)).RateLimit);
        Assert.Equal(ProblemCodes.TooManyRequests, (await RefusedAsync(buyer, Stage.Image())).Code);
        Assert.Null((await Operator.SetRateLimitAsync(keyId, null)).RateLimit);
        await AdmitAsync(buyer, Stage.Image());
    }

    [Fact]
    public async Task Gleams_images_of_a_month_are_a_limit()
    {
        var buyer = await stage.BuyerAsync("gleam");
        await Operator.AdjustAsync(buyer.WorkspaceId, -100, "A case");
        var problem = await RefusedAsync(buyer, Stage.Image());
        Assert.Equal((429, ProblemCodes.MonthlyLimit), (problem.Status, problem.Code));
    }

    [Fact]
    public async Task Who_has_not_paid_can_spend_nothing_until_it_has()
    {
        var buyer = await stage.BuyerAsync("bluma", "starter");
        Assert.Equal((true, "paused"), (await Operator.ReportPaymentAsync(buyer.WorkspaceId, new PaymentReport("failed", "inv_1"))) is var said ? (said.Applied, said.PlanStatus) : default);
        var problem = await RefusedAsync(buyer, Stage.Video());
        Assert.Equal((402, ProblemCodes.PaymentRequired), (problem.Status, problem.Code));
        await Operator.ReportPaymentAsync(buyer.WorkspaceId, new PaymentReport("succeeded", "inv_1"));
        await AdmitAsync(buyer, Stage.Video());
    }

    [Fact]
    public async Task Who_is_in_debt_can_spend_nothing()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var topUp = await Operator.TopUpAsync(buyer.WorkspaceId, 20, "pay_1", new Money(500, "USD"));
        await AdmitAsync(buyer, Stage.Images(15));
        var reversed = await Operator.ReverseTopUpAsync(buyer.WorkspaceId, topUp.Id, "Charge-back");
        Assert.Equal((0, 20), (reversed.Left, reversed.Reversals.Single().Debt));
        var problem = await RefusedAsync(buyer, Stage.Images(1));
        Assert.Equal((402, 20), (problem.Status, problem.Data!.Debt));
        await Operator.TopUpAsync(buyer.WorkspaceId, 25, "pay_2");
        Assert.Equal(5, await CreditsAsync(buyer));
    }

    [Fact]
    public async Task Operators_requests_are_refused_by_name()
    {
        var buyer = await stage.BuyerAsync("bloom");
        Assert.Contains("credits", (await RefusedAsync(() => Operator.TopUpAsync(buyer.WorkspaceId, 10, "pay_1"))).Errors!);
        Assert.Contains("plan", (await RefusedAsync(() => Operator.SubscribeAsync(buyer.WorkspaceId, "gold"))).Errors!);
        Assert.Equal(ProblemCodes.NotFound, (await RefusedAsync(() => Operator.AuditAsync("ws_0000000000000000"))).Code);
    }
}
