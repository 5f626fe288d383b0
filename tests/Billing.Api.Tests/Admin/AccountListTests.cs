using Billing.Api.Tests.Worlds;
using Billing.Testing;

namespace Billing.Api.Tests.Admin;

/// <summary>Lists of accounts, and what is changed of one.</summary>
public sealed class AccountListTests
{
    [Fact]
    public async Task Accounts_are_listed_newest_first_by_product_plan_and_status()
    {
        await using var world = await World.StartAsync();
        var ids = new List<string>();
        for (var minute = 1; minute <= 6; minute++)
        {
            await world.MoveAsync($"2025-11-01T00:0{minute}:00Z");
            ids.Add((await world.CustomerAsync(minute % 2 == 0 ? "bloom" : "bluma", minute % 2 == 0 ? "plus" : "starter")).AccountId);
        }

        Assert.Equal(Enumerable.Reverse(ids), await IdsAsync(world, ""));
        Assert.Equal([ids[5], ids[3], ids[1]], await IdsAsync(world, "product=bloom"));
        Assert.Equal([ids[4], ids[2], ids[0]], await IdsAsync(world, "plan=starter"));
        Assert.Empty(await IdsAsync(world, "product=bloom&plan=starter"));

        var paused = world.Customers.Single(customer => customer.AccountId == ids[2]);
        await paused.PayAsync("failed");
        Assert.Equal([ids[2]], await IdsAsync(world, "status=paused"));
        Assert.Equal([ids[4], ids[0]], await IdsAsync(world, "plan=starter&status=active"));
        await paused.PayAsync("succeeded");
        await paused.SubscribeAsync("pro");
        Assert.Equal([ids[2]], await IdsAsync(world, "plan=pro&status=active"));
        Assert.Equal([ids[4], ids[0]], await IdsAsync(world, "plan=starter"));

        (await world.Operator.GetAsync("admin/accounts?status=nonsense")).Names("status");
        (await world.Operator.GetAsync("admin/accounts?limit=201")).Names("limit");
        (await world.Operator.GetAsync("admin/accounts?cursor=nonsense!")).Names("cursor");
        (await paused.Service.GetAsync("admin/accounts")).Refused(403, "FORBIDDEN");
    }

    [Fact]
    public async Task A_list_is_whole_and_without_repeats_while_accounts_are_added()
    {
        // On an emulator of its own: it is one thread, and others wait for theirs.
        await using var emulator = await Azurite.StartAsync();
        await using var world = await World.StartAsync(shards: emulator);
        var rows = Enumerable.Range(0, 1_000).Select(number => new { external_id = $"cus_{number}", name = "Ada", product = number % 2 == 0 ? "bloom" : "gleam" });
        var imported = await Eventually.SeeAsync(() => world.Operator.PostAsync("admin/imports", Json.Of(new { rows })), answer => answer.Status == 200, TimeSpan.FromMinutes(3));
        var before = imported.At("results").EnumerateArray().Select(row => row.GetProperty("account_id").GetString()!).ToList();
        Assert.Equal(1_000, before.Count);
        var seen = new List<string>();
        var cursor = "";
        for (var page = 0; cursor is not null; page++)
        {
            var answer = (await world.Operator.GetAsync($"admin/accounts?limit=50{cursor}")).Is(200);
            seen.AddRange(answer.At("accounts").EnumerateArray().Select(account => account.GetProperty("account_id").GetString()!));
            cursor = answer.Text("next_cursor") is not "null" and var next ? $"&cursor={next}" : null;
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => AddAsync(world, "bloom")));
        }

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Empty(before.Except(seen));
    }

    [Fact]
    public async Task An_account_is_changed_and_found_by_its_new_id_alone()
    {
        var world = await World.Shared;
        var (former, next) = ($"former {Guid.NewGuid()}", $"next {Guid.NewGuid()}");
        var id = (await world.Operator.PostAsync("admin/accounts", Json.Of(new { product = "bloom", name = "Ada", email = "ada@example.com", external_id = former }))).Is(201).Text("account_id");
        (await world.ServiceForExternal(former).GetAsync("credits")).Is(200);
        var changed = (await world.Operator.PatchAsync($"admin/accounts/{id}", Json.Of(new { name = "Ada L.", external_id = next }))).Is(200);
        Assert.Equal(("Ada L.", "ada@example.com", next), (changed.Text("name"), changed.Text("email"), changed.Text("external_id")));
        Assert.Equal(changed.Body, (await world.Operator.GetAsync($"admin/accounts/{id}")).Is(200).Body);
        (await world.ServiceForExternal(next).GetAsync("credits")).Is(200);
        (await world.ServiceForExternal(former).GetAsync("credits")).Refused(404, "NOT_FOUND");

        // What another account has is not taken from it.
        var other = (await world.Operator.PostAsync("admin/accounts", Json.Of(new { product = "bloom", name = "Bob", email = "bob@example.com", external_id = former }))).Is(201).Text("account_id");
        (await world.Operator.PatchAsync($"admin/accounts/{other}", Json.Of(new { external_id = next }))).Refused(409, "CONFLICT");
        (await world.Operator.PatchAsync($"admin/accounts/{id}", """{"name": ""}""")).Names("name");
        (await world.Operator.PatchAsync("admin/accounts/acct_0000000000000000", """{"name": "X"}""")).Refused(404, "NOT_FOUND");
        (await world.Operator.GetAsync("admin/accounts/nonsense")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task A_closed_account_is_off_and_its_books_stay()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bluma", "starter");
        var admitted = await customer.AdmitAsync(Requests.Four);
        var closed = (await world.Operator.DeleteAsync($"admin/accounts/{customer.AccountId}")).Is(200);
        Assert.Equal(("canceled", "2025-11-01T00:00:00Z"), (closed.Text("plan_status"), closed.Text("closed_at")));
        Assert.Equal(closed.Body, (await world.Operator.DeleteAsync($"admin/accounts/{customer.AccountId}")).Is(200).Body);
        (await customer.Own.GetAsync("credits")).Refused(401, "UNAUTHORIZED");
        (await customer.Session.GetAsync("credits")).Refused(401, "UNAUTHORIZED");
        (await world.Operator.PostAsync("admin/sessions", Json.Of(new { account_id = customer.AccountId }))).Refused(409, "CONFLICT");
        (await customer.Named.PostAsync("generations", Requests.Four)).Refused(403, "FORBIDDEN");
        (await customer.Named.PostAsync("generations/check", Requests.Four)).Refused(403, "FORBIDDEN");

        // What ran is settled, what was bought stays, and the books add up.
        (await world.Service().PostAsync($"generations/{admitted.Text("id")}/complete", "{}")).Is(200);
        Assert.Equal(96, (await customer.AdminAsync(HttpMethod.Get, "")).Number("account.credits"));
        await customer.AuditAsync();
        Assert.Equal([customer.AccountId], await IdsAsync(world, "status=canceled"));
        await using var later = await World.StartAsync();
        Assert.Empty(await IdsAsync(later, ""));
    }

    // Reported of others: who deletes a customer has locked its id for good.
    [Fact]
    public async Task The_id_of_a_closed_account_is_free_once_it_is_given_another()
    {
        var world = await World.Shared;
        var externalId = $"back {Guid.NewGuid()}";
        const string Body = """{"size": "2K", "create": {"product": "bloom"}}""";
        var first = (await world.ServiceForExternal(externalId).PostAsync("generations", Body)).Is(201);
        var closed = first.Text("member_id");
        (await world.Operator.DeleteAsync($"admin/accounts/{closed}")).Is(200);
        (await world.ServiceForExternal(externalId).PostAsync("generations", Body)).Refused(403, "FORBIDDEN");
        (await world.Operator.PatchAsync($"admin/accounts/{closed}", Json.Of(new { external_id = $"{externalId}, closed" }))).Is(200);
        var again = (await world.ServiceForExternal(externalId).PostAsync("generations", Body)).Is(201);
        Assert.NotEqual(first.Text("workspace_id"), again.Text("workspace_id"));
    }

    private static async Task<string> AddAsync(World world, string product) =>
        (await world.Operator.PostAsync("admin/accounts", Json.Of(new { product, name = "Ada", email = "ada@example.com" }))).Is(201).Text("account_id");

    private static async Task<IEnumerable<string>> IdsAsync(World world, string query) =>
        (await world.Operator.GetAsync($"admin/accounts?{query}")).Is(200).At("accounts").EnumerateArray().Select(account => account.GetProperty("account_id").GetString()!);
}
