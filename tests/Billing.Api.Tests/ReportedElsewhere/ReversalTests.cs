using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.ReportedElsewhere;

/// <summary>What went wrong in other systems when news of money taken back came at once.</summary>
public sealed class ReversalTests
{
    // Refunds that came at the same instant each saw the whole still refundable.
    [Fact]
    public async Task Parts_that_come_at_once_are_together_no_more_than_the_whole()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var topUp = (await customer.TopUpAsync(50, "ch_1")).Text("id");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(number =>
            customer.World.Operator.PostAsync($"admin/workspaces/{customer.WorkspaceId}/top-ups/{topUp}/reverse", $$"""{ "reason": "Refund", "credits": 9, "reference": "re_{{number}}" }""")));
        Assert.Equal((5, 15), (answers.Count(answer => answer.Status == 200), answers.Count(answer => answer.Status == 409)));
        var last = await customer.AdminAsync(HttpMethod.Post, $"top-ups/{topUp}/reverse", new { reason = "The rest" });
        Assert.Equal((0, 10), (last.Number("left"), await customer.LeftAsync()));
        await customer.AuditAsync();
    }

    // A dispute was told by the provider several times at once, and each time it took.
    [Fact]
    public async Task The_same_dispute_at_once_takes_once_and_gives_back_once()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var topUp = (await customer.TopUpAsync(50, "ch_1")).Text("id");
        await customer.AdmitAsync(Requests.Bloom("4K", 20));
        foreach (var (what, body, credits) in new[] { ("reverse", """{ "reason": "Dispute", "reference": "dp_1" }""", -30m), ("reinstate", """{ "reference": "dp_1" }""", 20m) })
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => customer.World.Operator.PostAsync($"admin/workspaces/{customer.WorkspaceId}/top-ups/{topUp}/{what}", body)));
            Assert.Equal(answers[0].Is(200).Body, Assert.Single(answers.Select(answer => answer.Body).Distinct()));
            Assert.Equal(credits, (await customer.CreditsAsync()) is var left ? left.Number("credits") - left.Number("debt") : default);
        }

        await customer.AuditAsync();
    }

    // Usage by key counted what failed: the charge named the key, the refund did not.
    [Fact]
    public async Task What_is_given_back_names_the_key_that_spent_it()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bluma", "starter");
        var other = await customer.WithKeyAsync();
        var admitted = await other.AdmitAsync(Requests.Six);
        Assert.Equal((other.KeyId, customer.AccountId), (admitted.Text("key_id"), admitted.Text("member_id")));
        await other.FailAsync(admitted);
        await customer.RefundedAsync();
        var lines = (await customer.EntriesAsync()).Where(line => line.TryGetProperty("key_id", out _)).Select(line => $"{line.GetProperty("amount")} {line.GetProperty("key_id")} {line.GetProperty("member_id")}");
        Assert.Equal([$"6 {other.KeyId} {customer.AccountId}", $"-6 {other.KeyId} {customer.AccountId}"], lines);
        Assert.Equal(other.KeyId, (await customer.Own.GetAsync($"generations/{admitted.Text("id")}")).Is(200).Text("key_id"));

        // Named by the service, nobody's key spends.
        Assert.DoesNotContain("key_id", (await customer.Named.PostAsync("generations", Requests.Six)).Is(201).Body, StringComparison.Ordinal);
    }
}
