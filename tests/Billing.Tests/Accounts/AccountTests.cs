using Billing.Accounts;

namespace Billing.Tests.Accounts;

public sealed class AccountTests
{
    private static readonly Account Stored = new("acct_1", "bluma", "Ada", "ada@example.com", "customer 7", "ws_1", new DateTimeOffset(2025, 11, 3, 10, 30, 0, TimeSpan.Zero))
    {
        OpenedOn = "starter",
    };

    [Fact]
    public void The_same_request_later_asks_for_what_is_stored() =>
        Assert.True(Stored.IsAskedForBy(Stored with { CreatedAt = Stored.CreatedAt.AddDays(1) }));

    [Fact]
    public void A_request_for_something_else_does_not()
    {
        foreach (var asked in new[] { Stored with { Name = "Eve" }, Stored with { Email = "eve@example.com" }, Stored with { OpenedOn = "pro" }, Stored with { OpenedOn = null } })
        {
            Assert.False(Stored.IsAskedForBy(asked), asked.ToString());
        }
    }

    [Fact]
    public void Where_the_plan_was_not_kept_any_plan_is_what_was_asked_for() =>
        Assert.True((Stored with { OpenedOn = null }).IsAskedForBy(Stored with { OpenedOn = "pro" }));
}
