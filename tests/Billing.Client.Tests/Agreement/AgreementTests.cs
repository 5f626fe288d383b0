using System.Reflection;

namespace Billing.Client.Tests.Agreement;

/// <summary>What the fake and the server agree on: one suite, run against both.</summary>
public abstract partial class AgreementTests(Stage stage)
{
    private IBillingClient Client => stage.Client;

    private IBillingOperator Operator => stage.Operator;

    private async Task<Generation> AdmitAsync(Customer customer, GenerationRequest request, string? idempotencyKey = null) =>
        Assert.IsType<Admission.Admitted>(await Client.AdmitAsync(customer, request, idempotencyKey)).Generation;

    private async Task<Problem> RefusedAsync(Customer customer, GenerationRequest request, string? idempotencyKey = null) =>
        Assert.IsType<Admission.Refused>(await Client.AdmitAsync(customer, request, idempotencyKey)).Problem;

    private static async Task<Problem> RefusedAsync(Func<Task> call) => (await Assert.ThrowsAsync<BillingRefusedException>(call)).Problem;

    private async Task<decimal> CreditsAsync(Customer customer) => (await Client.GetCreditsAsync(customer)).Credits;

    private Task HasAsync(Customer customer, decimal credits) => stage.SeeAsync(() => Client.GetCreditsAsync(customer), seen => seen.Credits == credits);
}

public sealed class FakeAgreementTests(FakeStage stage) : AgreementTests(stage), IClassFixture<FakeStage>;

public sealed class HostAgreementTests(HostStage stage) : AgreementTests(stage), IClassFixture<HostStage>;

public sealed class SuiteTests
{
    [Fact]
    public void There_are_60_cases_and_more()
    {
        var cases = typeof(AgreementTests).GetMethods().Sum(method => method.GetCustomAttributes<InlineDataAttribute>().Count() is > 0 and var rows ? rows : method.GetCustomAttributes<FactAttribute>().Count());
        Assert.InRange(cases, 60, 200);
    }
}
