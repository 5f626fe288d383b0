using Billing.Api.Admin;
using Billing.Api.Generations;
using Billing.Api.Tests.Telemetry;
using Billing.Api.Tests.Worlds;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Tests.Access;

/// <summary>The service names its customer by its own id of the account: X-External-Id.</summary>
public sealed class ExternalIdTests
{
    [Fact]
    public async Task An_account_is_admitted_charged_and_settled_by_the_sellers_own_id()
    {
        var world = await World.Shared;
        var (service, account) = await OpenAsync(world, "bloom", "plus");
        var admitted = (await service.PostAsync("generations", Requests.Small)).Is(201);
        Assert.Equal((account.Text("workspace_id"), "false", 59, account.Text("account_id")), (admitted.Text("workspace_id"), admitted.Text("test_mode"), admitted.Number("credits"), admitted.Text("member_id")));
        Assert.Equal("120", admitted.Header("X-RateLimit-Limit"));
        (await service.PostAsync($"generations/{admitted.Text("id")}/complete", "{}")).Is(200);
        Assert.Equal(59, (await service.GetAsync("credits")).Is(200).Number("credits"));
        Assert.Equal(1, (await service.GetAsync("credits/history?type=deduction")).Is(200).Number("total"));
        Assert.Equal("true", (await service.PostAsync("generations/check", Requests.Small)).Is(200).Text("allowed"));
        (await service.PostAsync("generations/quote", Requests.Small)).Is(200);
    }

    [Fact]
    public async Task A_warm_admit_reads_nothing_for_it_and_a_cold_one_reads_once()
    {
        await using var backstage = new Backstage();
        await backstage.OperatorAsync(CreateAccountEndpoint.Endpoint, new { product = "bloom", name = "Ada", email = "ada@example.com", plan = "plus", external_id = "cus_1" });
        var asked = new List<string>();
        backstage.Store.BeforeRead = read =>
        {
            asked.Add($"{read.Table} {read.PartitionKey.Split(':')[0]} {read.RowKey}");
            return Task.CompletedTask;
        };
        Assert.Equal(201, (await AdmitAsync()).StatusCode);

        // The twin gives a list in three pages, storage in one; the workspace is read by every cold admit.
        Assert.Equal(["Ledger account", "People ext ext:"], asked.Select(one => one.StartsWith("Ledger", StringComparison.Ordinal) ? "Ledger account" : one).Distinct().Order(StringComparer.Ordinal));
        asked.Clear();
        var before = backstage.Store.Calls;
        Assert.Equal(201, (await AdmitAsync()).StatusCode);
        Assert.Empty(asked);
        Assert.Equal(1, (backstage.Store.Calls - before).Commits);

        Task<HttpResponse> AdmitAsync() => backstage.AskAsync(AdmitGeneration.Endpoint, "a-service-key", new { size = "2K" }, headers: ("X-External-Id", "cus_1"));
    }

    [Theory]
    [InlineData("user 17")]
    [InlineData("ü/?#&=%+")]
    [InlineData("auth0|5f7c8ec7c33c6c004bbafe82")]
    [InlineData("東京")]
    public async Task An_id_may_be_whatever_the_seller_has(string text)
    {
        var world = await World.Shared;
        var externalId = $"{text} {Guid.NewGuid():N}";
        await OpenAsync(world, "bloom", "plus", externalId);
        (await world.ServiceForExternal(externalId).PostAsync("generations", Requests.Small)).Is(201);
    }

    [Theory]
    [InlineData("%FF")]
    [InlineData("%E2%80%8B")]
    [InlineData("")]
    [InlineData("%0A")]
    [InlineData("a,b")]
    public async Task What_is_no_id_is_named(string header)
    {
        var world = await World.Shared;
        (await world.Service().SendAsync(HttpMethod.Get, "credits", null, ("X-External-Id", header))).Names("X-External-Id");
        (await world.Service().SendAsync(HttpMethod.Get, "credits", null, ("X-External-Id", new string('a', 201)))).Names("X-External-Id");
    }

    [Fact]
    public async Task Nobodys_id_is_not_found_and_only_the_service_may_name_one()
    {
        var world = await World.Shared;
        var nobody = world.ServiceForExternal($"nobody {Guid.NewGuid()}");
        foreach (var path in new[] { "generations", "generations/batch", "generations/quote" })
        {
            (await nobody.PostAsync(path, path.EndsWith("batch", StringComparison.Ordinal) ? """{"items": [{"size": "2K"}]}""" : Requests.Small)).Refused(404, "NOT_FOUND");
        }

        (await nobody.GetAsync("credits")).Refused(404, "NOT_FOUND");
        var customer = await world.CustomerAsync("bloom", "plus");
        (await (customer.Own with { ExternalId = "cus_1" }).GetAsync("credits")).Refused(401, "UNAUTHORIZED");
        (await (customer.Service with { ExternalId = "cus_1" }).GetAsync("credits")).Names("X-External-Id");
        (await (customer.Named with { ExternalId = "cus_1" }).GetAsync("credits")).Names("X-External-Id");
        (await (customer.Named with { Product = "bloom" }).GetAsync("credits")).Names("X-Product");
    }

    [Fact]
    public async Task An_id_that_several_products_know_needs_the_product()
    {
        var world = await World.Shared;
        var externalId = $"both {Guid.NewGuid()}";
        await OpenAsync(world, "bloom", "plus", externalId);
        await OpenAsync(world, "bluma", "starter", externalId);
        (await world.ServiceForExternal(externalId).GetAsync("credits")).Names("X-Product");
        Assert.Equal("plus", (await world.ServiceForExternal(externalId, "bloom").GetAsync("credits")).Is(200).Text("plan"));
        Assert.Equal("starter", (await world.ServiceForExternal(externalId, "bluma").GetAsync("credits")).Is(200).Text("plan"));
        (await world.ServiceForExternal(externalId, "gleam").GetAsync("credits")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Test_mode_charges_nothing_and_reaches_nothing_live()
    {
        var world = await World.Shared;
        var externalId = $"test {Guid.NewGuid()}";
        var (service, _) = await OpenAsync(world, "bloom", "plus", externalId);
        var test = world.ServiceForExternal(externalId, test: true);
        var live = (await service.PostAsync("generations", Requests.Small)).Is(201).Text("id");
        var tested = (await test.PostAsync("generations", Requests.Small)).Is(201);
        Assert.Equal(("true", 59), (tested.Text("test_mode"), (await service.GetAsync("credits")).Number("credits")));
        (await test.GetAsync($"generations/{live}")).Refused(404, "NOT_FOUND");
        (await service.PostAsync($"generations/{tested.Text("id")}/complete", "{}")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Its_teams_are_reached_too()
    {
        var world = await World.Shared;
        var externalId = $"owner {Guid.NewGuid()}";
        var (service, account) = await OpenAsync(world, "bloom", "plus", externalId);
        var team = (await world.Operator.PostAsync("admin/workspaces", Json.Of(new { account_id = account.Text("account_id"), name = "Team" }))).Is(201).Text("workspace_id");
        (await world.Operator.PostAsync($"admin/workspaces/{team}/grants", """{"credits": 5, "reason": "Start"}""")).Is(201);
        Assert.Equal(team, (await service.PostAsync("generations", Json.Of(new { size = "2K", workspace_id = team }))).Is(201).Text("workspace_id"));
        var stranger = await world.CustomerAsync("bloom", "plus");
        (await service.PostAsync("generations", Json.Of(new { size = "2K", workspace_id = stranger.WorkspaceId }))).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Fifty_first_requests_at_once_open_one_account_and_are_each_charged()
    {
        await using var world = await World.StartAsync(hosts: 2);
        var externalId = $"first {Guid.NewGuid()}";
        const string Body = """{"size": "2K", "create": {"product": "bloom", "name": "Ada", "email": "ada@example.com"}}""";
        (await world.ServiceForExternal(externalId).PostAsync("generations", Requests.Small)).Refused(404, "NOT_FOUND");
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => world.ServiceForExternal(externalId, host: number % 2).PostAsync("generations", Body, $"first {number}")));

        // A new customer of Bloom's has what signing up gives, and no plan.
        var admitted = answers.Where(answer => answer.Status == 201).ToList();
        Assert.All(answers.Except(admitted), answer => answer.Refused(402, "INSUFFICIENT_CREDITS"));
        Assert.Single(admitted.Select(answer => answer.Text("workspace_id")).Distinct());
        var found = (await world.Operator.GetAsync($"admin/accounts?external_id={Uri.EscapeDataString(externalId)}")).Is(200);
        Assert.Equal(1, found.At("accounts").GetArrayLength());
        Assert.Equal(("Ada", "ada@example.com"), (found.Text("accounts.0.name"), found.Text("accounts.0.email")));
        var audit = (await world.Operator.GetAsync($"admin/workspaces/{found.Text("accounts.0.workspace_id")}/audit")).Is(200);
        Assert.Equal("true", audit.Text("ok"));
        Assert.Equal(admitted.Count + audit.Number("balance"), (await world.ServiceForExternal(externalId).GetAsync("credits/history?type=grant")).Number("transactions.0.amount"));
        Assert.Equal(1, (await world.Operator.GetAsync("admin/accounts?product=bloom")).At("accounts").GetArrayLength());
    }

    [Fact]
    public async Task What_is_refused_for_its_mistakes_opens_no_account()
    {
        var world = await World.Shared;
        var externalId = $"wrong {Guid.NewGuid()}";
        var service = world.ServiceForExternal(externalId);
        (await service.PostAsync("generations", """{"size": "8K", "create": {"product": "bloom"}}""")).Names("size");
        (await service.PostAsync("generations", """{"size": "2K", "create": {"product": "bloom", "nmae": "Ada"}}""")).Names("create.nmae");
        (await service.PostAsync("generations", """{"size": "2K", "create": {"product": "nonsense"}}""")).Names("create.product");
        (await service.PostAsync("generations", """{"size": "2K", "create": {}}""")).Names("create.product");
        (await service.PostAsync("generations", """{"size": "2K", "create": {"product": "bloom", "plan": "plus"}}""")).Names("create.plan");
        (await world.ServiceForExternal(externalId, "bluma").PostAsync("generations", """{"size": "2K", "create": {"product": "bloom"}}""")).Names("create.product");
        (await (await world.CustomerAsync("bloom", "plus")).Service.PostAsync("generations", """{"size": "2K", "create": {"product": "bloom"}}""")).Names("create");
        Assert.Equal(0, (await world.Operator.GetAsync($"admin/accounts?external_id={Uri.EscapeDataString(externalId)}")).At("accounts").GetArrayLength());
    }

    [Fact]
    public async Task An_account_that_is_there_stays_as_it_is_and_a_repeat_gets_its_answer()
    {
        var world = await World.Shared;
        var externalId = $"there {Guid.NewGuid()}";
        var service = world.ServiceForExternal(externalId);
        const string Body = """{"template_id": "consumerclub-discord-zoomed", "create": {"product": "bluma", "plan": "free"}}""";
        var first = (await service.PostAsync("generations", Body, "one")).Is(201);
        var again = (await service.PostAsync("generations", Body, "one")).Is(201);
        Assert.Equal((first.Body, "true"), (again.Body, again.Header("Idempotent-Replayed")));
        var other = (await service.PostAsync("generations/batch", """{"items": [{"template_id": "consumerclub-discord-zoomed"}], "create": {"product": "bluma", "name": "Another"}}""")).Is(201);
        Assert.Equal(first.Text("workspace_id"), other.Text("workspace_id"));
        Assert.Equal(externalId, (await world.Operator.GetAsync($"admin/accounts?external_id={Uri.EscapeDataString(externalId)}")).Text("accounts.0.name"));

        // Another product knows nobody of that id yet: the body says which is meant.
        (await service.PostAsync("generations", """{"size": "2K", "create": {"product": "bloom"}}""")).Is(201);
        (await service.GetAsync("credits")).Names("X-Product");
    }

    private static async Task<(Client Service, Answer Account)> OpenAsync(World world, string product, string plan, string? externalId = null)
    {
        externalId ??= $"cus {Guid.NewGuid()}";
        var account = (await world.Operator.PostAsync("admin/accounts", Json.Of(new { product, name = "Ada", email = "ada@example.com", plan, external_id = externalId }))).Is(201);
        return (world.ServiceForExternal(externalId), account);
    }
}
