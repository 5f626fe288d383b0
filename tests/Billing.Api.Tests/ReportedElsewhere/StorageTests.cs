using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.ReportedElsewhere;

public sealed class StorageTests
{
    public static TheoryData<string> Odd => ["100%/a'b#?c\\d", "o'brien", "a b", "ü é 例 😀", "..", "<&amp;\">", "(PartitionKey='x')", "%2F%27%00"];

    // A per cent sign, a quotation mark or a slash in what a seller calls something broke the request to table storage.
    [Theory]
    [MemberData(nameof(Odd))]
    public async Task A_seller_may_call_a_payment_or_an_account_what_it_likes(string name)
    {
        var world = await World.Shared;
        var customer = await world.CustomerAsync("bluma");
        var topUp = await customer.TopUpAsync(20, name);
        Assert.Equal(topUp.Text("id"), (await customer.TopUpAsync(20, name)).Text("id"));
        Assert.Equal(30, await customer.LeftAsync());

        var external = $"{name}{Guid.NewGuid():N}";
        var account = (await world.Operator.PostAsync("admin/accounts", Json.Of(new { product = "bluma", name = "Ada", email = "ada@example.com", external_id = external }))).Is(201);
        var found = (await world.Operator.GetAsync($"admin/accounts?external_id={Uri.EscapeDataString(external)}")).Is(200);
        Assert.Equal(account.Text("account_id"), found.Text("accounts.0.account_id"));
    }

    // The same in a name for repeats: it met another's, or none.
    [Fact]
    public async Task Names_for_repeats_are_told_apart_by_every_character()
    {
        var world = await World.Shared;
        var customer = await world.CustomerAsync("bloom");
        var ids = new HashSet<string>();
        foreach (var name in (string[])["a/b", "a%2Fb", "a\\b", "a'b", "A/b", "a/b?", "a/b#", "a  b", "a b"])
        {
            var admitted = await customer.AdmitAsync(Requests.Small, name);
            Assert.True(ids.Add(admitted.Text("id")), name);
            Assert.Equal(admitted.Body, (await customer.AdmitAsync(Requests.Small, name)).Body);
        }

        Assert.Equal(1, await customer.LeftAsync());
    }

    // "Never" was written as the last day of the year 9999, and the first sum beyond it broke the account.
    [Fact]
    public async Task Credits_may_end_in_the_last_millisecond_that_there_is()
    {
        const string Last = "9999-12-31T23:59:59.999Z";
        var world = await World.Shared;
        var customer = await world.CustomerAsync("bluma");
        await customer.GrantAsync(5, Last);
        await customer.AdmitAsync(Requests.Twelve);
        Assert.Equal((3, Last), await customer.CreditsAsync() is var left ? (left.Number("credits"), left.Text("grants.0.expires_at")) : default);
        (await world.Operator.PostAsync("admin/jobs/renewals")).Is(200);
        await customer.AuditAsync();
    }
}
