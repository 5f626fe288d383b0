using System.Reflection;
using Billing.Generations;

namespace Billing.Client.Tests;

/// <summary>What is refused is typed; what is not of the backend is an exception.</summary>
public sealed class RefusalTests
{
    private static readonly GenerationRequest Images = new() { Parameters = { ["size"] = "4K" } };

    [Fact]
    public async Task Too_few_credits_say_what_is_needed_and_where_to_get_it()
    {
        var problem = await RefusedAsync(402, """
            {"status": 402, "detail": "This generation costs 6 credits; 2 are left.", "code": "INSUFFICIENT_CREDITS",
             "data": {"action_url": "https://example.com/pricing", "required": 6, "available": 2.25, "shortfall": 3.75, "max_affordable": {"variant_count": 1}}}
            """);
        Assert.Equal(ProblemCodes.InsufficientCredits, problem.Code);
        Assert.Equal((6m, 2.25m, 3.75m), (problem.Data!.Required, problem.Data.Available, problem.Data.Shortfall));
        Assert.Equal(("https://example.com/pricing", 1), (problem.Data.ActionUrl, problem.Data.MaxAffordable!["variant_count"]));
    }

    [Fact]
    public async Task A_wrong_field_is_named()
    {
        var problem = await RefusedAsync(400, """{"status": 400, "detail": "sise: unknown field", "code": "INVALID_REQUEST", "errors": {"sise": ["unknown field"]}}""");
        Assert.Equal(["unknown field"], problem.Errors!["sise"]);
    }

    [Fact]
    public async Task A_limit_says_how_long_it_lasts()
    {
        var problem = await RefusedAsync(429, """{"status": 429, "detail": "Rate limit exceeded", "code": "TOO_MANY_REQUESTS", "retryAfter": 40}""", tries: 1);
        Assert.Equal((ProblemCodes.TooManyRequests, 40), (problem.Code, problem.RetryAfter));
    }

    [Fact]
    public async Task Where_no_refusal_is_expected_it_is_thrown()
    {
        var wire = new Wire(Wire.Refuses(409, ProblemCodes.AlreadySettled));
        var exception = await Assert.ThrowsAsync<BillingRefusedException>(() => wire.Client().CompleteAsync("gen_1"));
        Assert.Equal((ProblemCodes.AlreadySettled, 409, "ALREADY_SETTLED: It is refused."), (exception.Problem.Code, exception.Status, exception.Message));
    }

    [Theory]
    [InlineData(200, "<html>Welcome</html>")]
    [InlineData(200, "{}")]
    [InlineData(200, "null")]
    [InlineData(200, "")]
    [InlineData(304, "")]
    [InlineData(401, "")]
    [InlineData(404, "<html>Not here</html>")]
    [InlineData(404, """{"message": "no Route matched"}""")]
    [InlineData(403, "null")]
    [InlineData(501, "<html>No</html>")]
    public async Task What_is_not_the_backends_is_no_refusal(int status, string body)
    {
        var wire = new Wire(Wire.Says(status, body));
        Assert.Equal(status, (await Assert.ThrowsAsync<BillingException>(() => wire.Client().AdmitAsync("customer-key", Images))).Status);
    }

    [Fact]
    public async Task A_field_that_is_new_is_passed_over()
    {
        var wire = new Wire(Wire.Says(201, Wire.Running.Replace("\"cost\"", "\"colour\": {\"red\": 1}, \"cost\"", StringComparison.Ordinal)));
        Assert.IsType<Admission.Admitted>(await wire.Client().AdmitAsync("customer-key", Images));
    }

    [Fact]
    public async Task An_answer_says_which_request_it_is_of_and_whether_it_was_stored()
    {
        var wire = new Wire(Wire.Says(201, Wire.Running, replayed: true), Wire.Refuses(409, ProblemCodes.Conflict), Wire.Says(200, "{}"));
        var admission = await wire.Client().AdmitAsync("customer-key", Images);
        Assert.Equal(("request-1", true), (admission.RequestId, admission.Replayed));
        var refused = await Assert.ThrowsAsync<BillingRefusedException>(() => wire.Client().CompleteAsync("gen_1"));
        Assert.Equal(("request-1", "request-1", false), (refused.RequestId, refused.Problem.RequestId, refused.Replayed));
        Assert.Equal("request-1", (await Assert.ThrowsAsync<BillingException>(() => wire.Client().CompleteAsync("gen_1"))).RequestId);
    }

    [Fact]
    public void Every_event_that_webhooks_tell_of_is_here() =>
        Assert.Empty(Billing.Events.EventTypes.All.Except(Constants(typeof(BillingEventTypes))));

    [Fact]
    public void Every_code_that_the_backend_refuses_with_is_here() =>
        Assert.Equal(Constants(typeof(RefusalCodes)).Except([RefusalCodes.Internal]).Order(), Constants(typeof(ProblemCodes)).Order());

    [Fact]
    public void Every_reason_to_fail_is_here() =>
        Assert.Equal(RefundReasons.Automatic.Concat(RefundReasons.CustomersOwn).Order(), Constants(typeof(FailReasons)).Order());

    private static async Task<Problem> RefusedAsync(int status, string body, int tries = 4)
    {
        var wire = new Wire(Wire.Says(status, body));
        return Assert.IsType<Admission.Refused>(await wire.Client(new BillingClientOptions { MaxAttempts = tries }).AdmitAsync("customer-key", Images)).Problem;
    }

    private static IEnumerable<string> Constants(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);
}
