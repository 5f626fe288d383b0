namespace Billing.Tests;

public sealed class OutcomeTests
{
    [Fact]
    public void What_was_done_now_or_before_has_a_value_and_what_was_declined_a_reason()
    {
        foreach (var done in new Outcome<int>[] { 7, new Outcome<int>.AlreadyApplied(7) })
        {
            Assert.True(done.TryGet(out var value, out var reason));
            Assert.Equal((7, null), (value, reason));
        }

        Outcome<int> declined = Refusal.NotFound("generation");
        Assert.False(declined.TryGet(out var none, out var refusal));
        Assert.Equal((0, "There is no such generation."), (none, refusal.Detail));
    }
}
