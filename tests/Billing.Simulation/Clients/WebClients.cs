using System.Text.Json.Nodes;
using Billing.Api.Admin;
using Billing.Api.Generations;
using Billing.Api.Http;
using Billing.Api.Keys;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Generations;
using Billing.Simulation.Checking;
using Billing.Simulation.Instances;
using Billing.Simulation.Runs;
using Billing.Simulation.Time;
using Billing.Workspaces;

namespace Billing.Simulation.Clients;

/// <summary>Operators and services that come over HTTP, as they do in production.</summary>
internal sealed class WebClients(World world, Proof proof, WebProof webProof)
{
    private static readonly string[] FailReasons = ["server_error", "rendering_error", "invalid_input", "user_error", "content_policy"];

    // An instance remembers memberships and keys for less.
    private static readonly TimeSpan LongestRemembered = TimeSpan.FromMinutes(1);
    private readonly WebAsker _asker = new(world, webProof);

    /// <summary>Opens an account with two keys, however often it takes.</summary>
    public async Task OpenAsync(Customer customer, Dice dice)
    {
        var opening = customer.Opening;
        var body = new JsonObject { ["product"] = opening.Product, ["name"] = opening.Name, ["email"] = "ada@example.com" };
        AddIfAny(body, "plan", opening.Plan);
        AddIfAny(body, "credits", opening.Credits?.ToDecimal());
        var account = await _asker.InsistAsync(new WebAsk(Operator("open", CreateAccountEndpoint.Endpoint, body) with { IdempotencyKey = $"open {opening.WorkspaceId}" }, ""), dice);
        customer.Opening = opening with { WorkspaceId = account.Text("workspace_id") };
        customer.AccountId = account.Text("account_id");
        if (world.Teams)
        {
            await JoinTeamAsync(customer, dice);
        }

        foreach (var test in new[] { false, true })
        {
            var session = await _asker.InsistAsync(new WebAsk(SessionRequest(customer, "open"), customer.WorkspaceId), dice);
            customer.Keys[test] = WebKey.Of(await _asker.InsistAsync(new WebAsk(KeyRequest("open", customer, session, test), customer.WorkspaceId), dice));
            if (dice.Chance(500))
            {
                var limit = new JsonObject { ["limit"] = dice.Between(3, 8) };
                var request = Operator("open", SetKeyLimit.Endpoint, limit) with { Route = Route(customer.Keys[test].Id) };
                await _asker.InsistAsync(new WebAsk(request, customer.WorkspaceId), dice);
            }
        }
    }

    public async Task AdmitAsync(Customer customer, Dice dice, string name)
    {
        var test = dice.Chance(150);
        var body = (JsonObject)JsonNode.Parse(Wishes.Fields(customer.Product, dice).GetRawText())!;
        decimal? quoted = null;
        if (dice.Chance(300))
        {
            var quote = await _asker.AskAsync(new WebAsk(Service($"{name} quote", QuoteGeneration.Endpoint, body) with { ApiKey = customer.Keys[test].Text }, customer.WorkspaceId) { Test = test }, true, dice);
            if (quote is not { Succeeded: true })
            {
                return;
            }

            (body, quoted) = (new JsonObject { ["quote"] = quote.Text("quote") }, quote.At("cost")!.Value.GetDecimal());
            await world.Loop.Wait(TimeSpan.FromSeconds(dice.Pick([0, 0, 0, dice.Between(0, 890), dice.Between(0, 3_600)])));
        }

        body["metadata"] = new JsonObject { ["ask"] = name };
        var request = Service($"{name} admit", AdmitGeneration.Endpoint, body) with
        {
            ApiKey = customer.Keys[test].Text,
            IdempotencyKey = dice.Chance(800) ? $"order {name}" : null,
        };
        var ask = new WebAsk(request, customer.WorkspaceId) { Test = test, Mark = name, Quoted = quoted };
        var repeats = request.IdempotencyKey is not null;
        var twice = repeats && dice.Chance(100) ? _asker.AskAsync(ask, repeats, dice) : null;
        var answer = await _asker.AskAsync(ask, repeats, dice);
        Remember(customer, answer);
        if (twice is not null)
        {
            Remember(customer, await twice);
        }

        if (repeats && answer is { Succeeded: true } && dice.Chance(500))
        {
            await EchoAsync(customer, ask, dice);
        }
    }

    public async Task CompleteAsync(Customer customer, Dice dice, string name)
    {
        if (Clients.TryPick(customer, dice, out var generation))
        {
            var body = dice.Chance(500) ? new JsonObject { ["succeeded_units"] = dice.Below((int)generation.Units + 1) } : [];
            await SettleAsync(customer, dice, $"{name} complete", CompleteGeneration.Endpoint, generation.Id, body);
        }
    }

    public async Task FailAsync(Customer customer, Dice dice, string name)
    {
        if (Clients.TryPick(customer, dice, out var generation))
        {
            await SettleAsync(customer, dice, $"{name} fail", FailGeneration.Endpoint, generation.Id, new JsonObject { ["reason"] = dice.Pick(FailReasons) });
        }
    }

    public async Task HeartbeatAsync(Customer customer, Dice dice, string name)
    {
        if (Clients.TryPick(customer, dice, out var generation))
        {
            await SettleAsync(customer, dice, $"{name} heartbeat", HeartbeatGeneration.Endpoint, generation.Id, []);
        }
    }

    public async Task TopUpAsync(Customer customer, Dice dice, string name)
    {
        var reference = Clients.ReferenceFor(customer, proof, dice, name);
        var known = proof.TopUps[(customer.WorkspaceId, reference)];
        var body = new JsonObject { ["credits"] = known.Credits.ToDecimal(), ["reference"] = reference, ["paid"] = Clients.PaidFor(reference) is { } paid ? new JsonObject { ["amount_minor"] = paid.AmountMinor, ["currency"] = paid.Currency } : null };
        var request = Operator($"{name} top-up", CreateTopUp.Endpoint, body) with { Route = Route(customer.WorkspaceId), IdempotencyKey = dice.Chance(600) ? $"top-up {name}" : null };
        if (await _asker.AskAsync(new WebAsk(request, customer.WorkspaceId), true, dice) is { Succeeded: true } answer)
        {
            world.Require(answer.Text("reference") == reference && answer.At("credits")!.Value.GetDecimal() == known.Credits.ToDecimal(), "A payment counts once", () => $"{name}: {answer.Body}");
            proof.TopUps[(customer.WorkspaceId, reference)] = proof.TopUps[(customer.WorkspaceId, reference)] with { Answered = true };
        }
    }

    /// <summary>Revokes a key, and goes on with a new one.</summary>
    public async Task RevokeAsync(Customer customer, Dice dice, string name)
    {
        if (world.Teams && dice.Chance(600))
        {
            await LeaveAsync(customer, dice, name);
            return;
        }

        var test = dice.Chance(500);
        await RevokeAsync(customer, customer.Keys[test], test, dice, name);
    }

    /// <summary>The account that was opened owns a team; a second one is its member, and the customer from here on.</summary>
    private async Task JoinTeamAsync(Customer customer, Dice dice)
    {
        var opening = customer.Opening;
        var team = await _asker.InsistAsync(new WebAsk(Named("team", CreateWorkspace.Endpoint, new JsonObject { ["account_id"] = customer.AccountId, ["name"] = "Team" }), customer.WorkspaceId), dice);
        var member = await _asker.InsistAsync(new WebAsk(Named("member", CreateAccountEndpoint.Endpoint, new JsonObject { ["product"] = opening.Product, ["name"] = "Bob", ["email"] = "bob@example.com" }), ""), dice);
        customer.Opening = opening with { WorkspaceId = team.Text("id"), Type = WorkspaceType.Team };
        customer.AccountId = member.Text("account_id");
        webProof.OtherWorkspaces += 2;
        await _asker.InsistAsync(new WebAsk(MemberRequest("join", AddMember.Endpoint, customer), customer.WorkspaceId), dice);
        if (opening.Plan is not null)
        {
            var plan = new JsonObject { ["plan"] = opening.Plan };
            AddIfAny(plan, "credits", opening.Credits?.ToDecimal());
            await _asker.InsistAsync(new WebAsk(Operator("plan", PutSubscription.Endpoint, plan) with { Route = Route(customer.WorkspaceId) }, customer.WorkspaceId), dice);
        }

        WebRequest Named(string name, ApiEndpoint endpoint, JsonObject body) => Operator(name, endpoint, body) with { IdempotencyKey = $"{name} {opening.WorkspaceId}" };
    }

    /// <summary>Is removed from the team, with whatever it has under way, comes back after a while, and goes on with new keys: the old ones stay dead.</summary>
    private async Task LeaveAsync(Customer customer, Dice dice, string name)
    {
        var keys = customer.Keys.ToList();
        keys.ForEach(key => webProof.Revoked.Add(key.Value.Text));
        customer.FormerKeys.AddRange(keys.Select(key => (key.Value, key.Key)));
        var left = await _asker.AskAsync(new WebAsk(MemberRequest($"{name} leave", RemoveMember.Endpoint, customer), customer.WorkspaceId), true, dice);
        if (left is { Status: 204 or 404 })
        {
            keys.ForEach(key => webProof.Dead.TryAdd(key.Value.Text, world.Loop.Now + LongestRemembered));
        }

        await world.Loop.Wait(dice.Chance(500) ? TimeSpan.FromMilliseconds(dice.Between(1, 60_000)) : TimeSpan.FromMinutes(dice.Between(1, 200)));
        await _asker.AskAsync(new WebAsk(MemberRequest($"{name} join", AddMember.Endpoint, customer), customer.WorkspaceId), true, dice);
        if (await _asker.AskAsync(new WebAsk(SessionRequest(customer, name), customer.WorkspaceId), true, dice) is not { Succeeded: true } session)
        {
            return;
        }

        foreach (var test in new[] { false, true })
        {
            if (await _asker.AskAsync(new WebAsk(KeyRequest(name, customer, session, test), customer.WorkspaceId), true, dice) is { Succeeded: true } made)
            {
                customer.Keys[test] = WebKey.Of(made);
            }
        }

        await world.Loop.Wait(2 * LongestRemembered);
        await TryDeadAsync(customer, keys[0].Key, keys[0].Value, dice, $"{name} dead");
    }

    private async Task TryDeadAsync(Customer customer, bool test, WebKey key, Dice dice, string name)
    {
        var body = (JsonObject)JsonNode.Parse(Wishes.Fields(customer.Product, dice).GetRawText())!;
        body["metadata"] = new JsonObject { ["ask"] = name };
        var request = Service(name, AdmitGeneration.Endpoint, body) with { ApiKey = key.Text };
        Remember(customer, await _asker.AskAsync(new WebAsk(request, customer.WorkspaceId) { Test = test, Mark = name }, false, dice));
    }

    private async Task RevokeAsync(Customer customer, WebKey key, bool test, Dice dice, string name)
    {
        if (await _asker.AskAsync(new WebAsk(SessionRequest(customer, name), customer.WorkspaceId), true, dice) is not { Succeeded: true } session)
        {
            return;
        }

        webProof.Revoked.Add(key.Text);
        customer.FormerKeys.Add((key, test));
        var revoke = new WebRequest($"{name} revoke", RevokeApiKey.Endpoint, session.Text("token"), "") { Route = Route(key.Id) };
        await _asker.AskAsync(new WebAsk(revoke, customer.WorkspaceId), true, dice);
        if (await _asker.AskAsync(new WebAsk(KeyRequest(name, customer, session, test), customer.WorkspaceId), true, dice) is { Succeeded: true } made)
        {
            customer.Keys[test] = WebKey.Of(made);
        }
    }

    /// <summary>Sends it once more though it was answered: as it was, after its key was revoked, by the key of the other environment, or something else with its Idempotency-Key.</summary>
    private async Task EchoAsync(Customer customer, WebAsk ask, Dice dice)
    {
        await world.Loop.Wait(dice.Chance(500) ? TimeSpan.FromMilliseconds(dice.Between(1, 60_000)) : TimeSpan.FromMinutes(dice.Between(1, 200)));
        var label = ask.Request.Label + " again";
        var again = ask with { Request = ask.Request with { Label = label } };
        switch (dice.Below(8))
        {
            case 0:
                var other = (JsonObject)JsonNode.Parse(ask.Request.Body)!;
                other["metadata"]!["ask"] = ask.Mark + " other";
                again = again with { Request = again.Request with { Body = other.ToJsonString() }, Mark = ask.Mark + " other" };
                break;
            case 1 or 2:
                again = again with { Request = again.Request with { ApiKey = customer.Keys[!ask.Test].Text }, Test = !ask.Test };
                break;
            case 3:
                await RevokeAsync(customer, customer.Keys[ask.Test], ask.Test, dice, label);
                break;
        }

        Remember(customer, await _asker.AskAsync(again, true, dice));
    }

    private async Task SettleAsync(Customer customer, Dice dice, string name, ApiEndpoint endpoint, string id, JsonObject body)
    {
        var test = IsTest(id);
        var (key, wrong) = KeyFor(customer, test, dice);
        var request = Service(name, endpoint, body) with { Route = Route(id), ApiKey = key, IdempotencyKey = dice.Chance(500) ? name : null };
        if (await _asker.AskAsync(new WebAsk(request, customer.WorkspaceId) { Test = key is not null && test != wrong }, dice.Chance(700), dice) is not { } answer)
        {
            return;
        }

        // A key that is dead is passed over; one that is being revoked may be either.
        wrong &= answer.Status == 404 || !webProof.Revoked.Contains(key ?? "");
        world.Require(!wrong || answer.Status is 404 or 401, "Live and test never meet", () => $"{name} {id}: {answer.Status} {answer.Body}");
        world.Require(wrong || answer.Status != 401, "What was begun can be ended", () => $"{name} {id}: {answer.Body}");
        if (wrong || answer.Status == 401)
        {
            return;
        }

        world.Require(answer.Status is 200 or 409, "What was begun can be ended", () => $"{name} {id}: {answer.Status} {answer.Body}");
        customer.Running.RemoveAll(one => one.Id == id && !(answer.Succeeded && answer.Text("status") == "running"));
        if (answer.Succeeded)
        {
            var status = Enum.Parse<GenerationStatus>(answer.Text("status"), ignoreCase: true);
            proof.Settle(id, new Settlement(status, answer.At("succeeded_units")?.GetInt64(), answer.At("reason")?.GetString()));
        }
    }

    /// <summary>The customer's key that comes with a settlement: none, the one it has, one that it had, or a test key where it is no business of its.</summary>
    private static (string? Key, bool Wrong) KeyFor(Customer customer, bool test, Dice dice)
    {
        var former = customer.FormerKeys.Where(one => one.Test == test).Select(one => one.Key.Text).ToList();
        return dice.Below(10) switch
        {
            < 4 => (customer.Keys[test].Text, false),
            < 5 when former.Count > 0 => (dice.Pick(former), false),
            < 6 when !test => (customer.Keys[true].Text, true),
            _ => (null, false),
        };
    }

    private bool IsTest(string id)
    {
        Ids.TryParse("gen", id, out var workspaceId, out var key);
        var partition = new Partition(Table.Ledger, workspaceId);
        return RowJson.Read<Admission>(world.Tables.Read(partition, Admission.RowKeyOf(key))!.Data).TestMode;
    }

    private static void Remember(Customer customer, WebAnswer? answer)
    {
        if (answer is { Succeeded: true } && !customer.Generations.Exists(one => one.Id == answer.Text("id")))
        {
            var generation = (answer.Text("id"), answer.At("units")!.Value.GetInt64());
            customer.Generations.Add(generation);
            customer.Running.Add(generation);
        }
    }

    private static WebRequest Operator(string label, ApiEndpoint endpoint, JsonObject body) => new(label, endpoint, Door.OperatorKey, body.ToJsonString());

    private static WebRequest Service(string label, ApiEndpoint endpoint, JsonObject body) => new(label, endpoint, Door.ServiceKey, body.ToJsonString());

    private static WebRequest SessionRequest(Customer customer, string name) => Operator($"{name} session", CreateSession.Endpoint, new JsonObject { ["account_id"] = customer.AccountId });

    private static WebRequest MemberRequest(string label, ApiEndpoint endpoint, Customer customer) =>
        Operator(label, endpoint, new JsonObject { ["account_id"] = customer.AccountId }) with { Route = Route(customer.WorkspaceId) };

    private WebRequest KeyRequest(string name, Customer customer, WebAnswer session, bool test)
    {
        var body = new JsonObject { ["name"] = "Key", ["environment"] = test ? "test" : "production" };
        AddIfAny(body, "workspace_id", world.Teams ? customer.WorkspaceId : null);
        return new WebRequest($"{name} key", CreateApiKey.Endpoint, session.Text("token"), body.ToJsonString());
    }

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, string> Route(string id) => System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("id", id);

    private static void AddIfAny(JsonObject body, string name, JsonNode? value)
    {
        if (value is not null)
        {
            body[name] = value;
        }
    }
}
