using Billing.Api.Tests.Worlds;
using Billing.Testing;

namespace Billing.Api.Tests.Wire;

/// <summary>The same Idempotency-Key is the same request.</summary>
public sealed class IdempotencyTests
{
    [Fact]
    public async Task A_repeat_gets_the_stored_answer_to_the_byte()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var first = await customer.AdmitAsync(Requests.Small, "key-1");
        Assert.False(first.Headers.ContainsKey("Idempotent-Replayed"));
        await customer.TopUpAsync(20);
        var again = await customer.AdmitAsync(Requests.Small, "key-1");
        Assert.Equal((first.Body, "true", first.Header("Content-Type")), (again.Body, again.Header("Idempotent-Replayed"), again.Header("Content-Type")));
        Assert.Equal(29, await customer.LeftAsync());
    }

    [Fact]
    public async Task Another_body_under_the_same_key_is_refused()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        await customer.AdmitAsync(Requests.Small, "key-1");
        (await customer.TryAdmitAsync(Requests.Bloom("4K", 1), "key-1")).Refused(422, "IDEMPOTENCY_KEY_REUSED");
        Assert.Equal(9, await customer.LeftAsync());
    }

    [Fact]
    public async Task Keys_of_two_workspaces_and_of_two_endpoints_are_apart()
    {
        var world = await World.Shared;
        var (ada, bob) = (await world.CustomerAsync("bloom"), await world.CustomerAsync("bloom"));
        var first = await ada.AdmitAsync(Requests.Small, "key-1");
        var second = await bob.AdmitAsync(Requests.Small, "key-1");
        Assert.NotEqual(first.Text("id"), second.Text("id"));
        (await ada.Service.PostAsync("generations/batch", """{"items": [{"size": "2K"}]}""", "key-1")).Is(201);
        (await ada.Service.PostAsync($"generations/{first.Text("id")}/complete", "{}", "key-1")).Is(200);
        Assert.Equal((8, 9), (await ada.LeftAsync(), await bob.LeftAsync()));
    }

    [Fact]
    public async Task A_refusal_is_not_kept()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.TryAdmitAsync(Requests.Bloom("4K", 20), "key-1")).Refused(402, "INSUFFICIENT_CREDITS");
        await customer.TopUpAsync(50);
        await customer.AdmitAsync(Requests.Bloom("4K", 20), "key-1");
        Assert.Equal(20, await customer.LeftAsync());
    }

    [Fact]
    public async Task Two_hosts_carry_it_out_once()
    {
        await using var world = await World.StartAsync(hosts: 2);
        var customer = await (await world.CustomerAsync("bloom", "pro")).LimitedAsync(1_000);
        for (var round = 0; round < 5; round++)
        {
            var key = $"round-{round}";
            var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => customer.ServiceAt(i % 2).PostAsync("generations", Requests.Small, key)));
            Assert.Single(answers.Select(answer => answer.Is(201).Body).Distinct());
            Assert.Equal(11, answers.Count(answer => answer.Headers.ContainsKey("Idempotent-Replayed")));
        }

        Assert.Equal(105, await customer.LeftAsync());
        Assert.Equal(5, (await customer.HistoryAsync("type=deduction")).Number("total"));
    }

    [Fact]
    public async Task A_key_lives_a_day()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bloom");
        var first = await customer.AdmitAsync(Requests.Small, "key-1");
        await world.MoveAsync("2025-11-01T23:59:59Z");
        Assert.Equal(first.Body, (await customer.AdmitAsync(Requests.Small, "key-1")).Body);
    }

    /// <summary>An admission's row is its stored answer: whatever becomes of it, the answer is the same, and it is there as long as the generation is.</summary>
    [Fact]
    public async Task An_admission_is_answered_alike_whatever_became_of_it()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bluma", "starter");
        var body = """{"template_id": "news-anchor", "description": "Banner 🐁 <b>", "metadata": {"campaign": "spring"}}""";
        var first = await customer.AdmitAsync(body, "order-42");
        var id = first.Text("id");
        await SameAsync(first, customer.TryAdmitAsync(body, "order-42"));
        await world.MoveAsync("2025-11-01T00:30:00Z");
        (await customer.Service.PostAsync($"generations/{id}/heartbeat")).Is(200);
        await SameAsync(first, customer.TryAdmitAsync(body, "order-42"));
        (await customer.Service.PostAsync($"generations/{id}/fail", """{"reason": "server_error"}""")).Is(200);
        await SameAsync(first, customer.TryAdmitAsync(body, "order-42"));
        await Eventually.SeeAsync(() => customer.LeftAsync(), left => left == 100);
        await world.MoveAsync("2025-12-24T00:00:00Z");
        await SameAsync(first, customer.TryAdmitAsync(body, "order-42"));
        (await customer.TryAdmitAsync("""{"template_id": "news-anchor"}""", "order-42")).Refused(422, "IDEMPOTENCY_KEY_REUSED");
        Assert.Equal(100, await customer.LeftAsync());
    }

    [Fact]
    public async Task Settling_and_admin_requests_are_repeated_alike()
    {
        var world = await World.Shared;
        var customer = await world.CustomerAsync("bloom", "plus");
        var admitted = await customer.AdmitAsync(Requests.Bloom("4K", 2));
        var path = $"generations/{admitted.Text("id")}/complete";
        var completed = (await customer.Service.PostAsync(path, """{"succeeded_units": 2}""", "done")).Is(200);
        await customer.AdmitAsync(Requests.Small);
        await SameAsync(completed, customer.Service.PostAsync(path, """{"succeeded_units": 2}""", "done"));

        var grants = $"admin/workspaces/{customer.WorkspaceId}/grants";
        var grant = (await world.Operator.PostAsync(grants, """{"credits": 5, "reason": "Sorry"}""", "sorry")).Is(201);
        await SameAsync(grant, world.Operator.PostAsync(grants, """{"credits": 5, "reason": "Sorry"}""", "sorry"));
        (await world.Operator.PostAsync(grants, """{"credits": 6, "reason": "Sorry"}""", "sorry")).Refused(422, "IDEMPOTENCY_KEY_REUSED");
        Assert.Equal(60, await customer.LeftAsync());
    }

    [Fact]
    public async Task Creating_an_account_or_a_workspace_twice_makes_one()
    {
        var world = await World.Shared;
        var body = """{"product": "bloom", "name": "Ada", "email": "ada@example.com"}""";
        var key = Guid.NewGuid().ToString();
        var account = (await world.Operator.PostAsync("admin/accounts", body, key)).Is(201);
        await SameAsync(account, world.Operator.PostAsync("admin/accounts", body, key));
        (await world.Operator.PostAsync("admin/accounts", """{"product": "bloom", "name": "Bob", "email": "ada@example.com"}""", key)).Refused(422, "IDEMPOTENCY_KEY_REUSED");

        var team = $$"""{"account_id": "{{account.Text("account_id")}}", "name": "Team"}""";
        var workspace = (await world.Operator.PostAsync("admin/workspaces", team, key)).Is(201);
        await SameAsync(workspace, world.Operator.PostAsync("admin/workspaces", team, key));
        (await world.Operator.PostAsync("admin/workspaces", team.Replace("Team", "Club", StringComparison.Ordinal), key)).Refused(422, "IDEMPOTENCY_KEY_REUSED");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\tb")]
    [InlineData(256)]
    public async Task A_key_must_be_printable_and_short(object key)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var text = key is int length ? new string('k', length) : (string)key;
        var answer = await customer.Service.SendAsync(HttpMethod.Post, "generations", new StringContent(Requests.Small), ("Idempotency-Key", text));
        Assert.True(answer.Status == 400, $"'{text}': {answer}");
        Assert.Equal(10, await customer.LeftAsync());
    }

    private static async Task SameAsync(Answer first, Task<Answer> repeating)
    {
        var again = await repeating;
        Assert.Equal((first.Status, first.Body, "true"), (again.Status, again.Body, again.Header("Idempotent-Replayed")));
    }
}
