using System.Collections.Immutable;
using System.Text.Json;
using Billing.Catalogs;
using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Generations;
using Billing.Simulation.Checking;
using Billing.Simulation.Time;
using Billing.Workspaces;

namespace Billing.Simulation.Clients;

internal sealed partial class Clients
{
    private static readonly string[] FailReasons = ["server_error", "rendering_error", "invalid_input", "user_error", "content_policy"];

    public async Task AdmitAsync(Customer customer, Dice dice, string name, bool batch)
    {
        var items = Wishes.Some(customer.Product, batch ? SizeOfBatch(dice) : 1, dice);
        var (allOrNothing, testMode) = (dice.Chance(500), dice.Chance(60));
        var operation = OperationFor("POST /generations", name, string.Join(' ', items.Select(item => item.Price.Cost)), dice);
        var rate = HitFor(dice);
        Attempt? attempt = null;
        var request = new Request<Admitted>($"{name} admit {string.Join('+', items.Select(item => item.Price.Cost))}", customer.WorkspaceId, instance =>
        {
            var command = new Admit(Ids.TimeOrdered(instance.Now, dice.Bytes(5)), items, allOrNothing, testMode) { Batch = batch };
            attempt = new Attempt(customer.WorkspaceId, command.Key, batch, operation?.RowKey);
            proof.Attempts.Add(command.Key, attempt);
            return new Work<Admitted>((unit, catalog) => AdmitDecision.Decide(unit, catalog, command)) { MostRows = Work.FewRows + Admission.RowsOf(items.Length) };
        })
        {
            Operation = operation,
            Repeats = operation is not null && dice.Chance(900),
            Rate = rate is null ? null : rate with { Window = rate.Window + customer.WorkspaceId[3..7], Generations = items.Length, EachAlone = !allOrNothing },
            Answer = admitted => new Reply(201, JsonSerializer.Serialize(new
            {
                ids = admitted.Items.Select(item => item.Generation?.Id ?? item.Refusal!.Code),
                credits = admitted.Workspace.Balance.ToDecimal(),
            })),
        };
        if (await Asker.AskAsync(request, dice) is not { } done)
        {
            return;
        }

        if (done.Replayed)
        {
            Remember(customer, done.Answer!, items);
        }
        else if (done.Outcome is Outcome<Admitted>.Accepted { Value: var admitted })
        {
            var generations = admitted.Rows.SelectMany(row => row.Generations).ToList();
            attempt!.Answered = generations.Count == 0 ? null : generations.ConvertAll(one => (one.Id, one.Charged));
            attempt.Refused = generations.Count == 0;
            ProveStored(name, admitted);
            customer.Generations.AddRange(generations.Select(one => (one.Id, one.Units)));
            customer.Running.AddRange(generations.Select(one => (one.Id, one.Units)));
        }
        else
        {
            attempt!.Refused = true;
        }
    }

    public Task CompleteAsync(Customer customer, Dice dice, string name)
    {
        if (!TryPick(customer, dice, out var generation))
        {
            return Task.CompletedTask;
        }

        long? units = dice.Chance(500) ? dice.Below((int)generation.Units + 1) : null;
        return SettleAsync(customer, dice, $"{name} complete {units}", generation.Id, (unit, catalog) => SettleDecisions.Complete(unit, catalog, new Complete(generation.Id, units)));
    }

    public Task FailAsync(Customer customer, Dice dice, string name)
    {
        var reason = dice.Pick(FailReasons);
        return TryPick(customer, dice, out var generation)
            ? SettleAsync(customer, dice, $"{name} fail {reason}", generation.Id, (unit, _) => SettleDecisions.Fail(unit, new Fail(generation.Id, reason)))
            : Task.CompletedTask;
    }

    public Task HeartbeatAsync(Customer customer, Dice dice, string name) => TryPick(customer, dice, out var generation)
        ? SettleAsync(customer, dice, $"{name} heartbeat", generation.Id, (unit, catalog) => SettleDecisions.Heartbeat(unit, generation.Id, catalog.GenerationTimeToLive))
        : Task.CompletedTask;

    /// <summary>Many at once, each decided alone: some of them twice, some that were settled before, some that are none.</summary>
    public async Task SettleManyAsync(Customer customer, Dice dice, string name)
    {
        var commands = new List<Settle>();
        for (var more = dice.Chance(300) ? dice.Between(30, 120) : dice.Between(2, 12); more > 0 && TryPick(customer, dice, out var generation); more--)
        {
            commands.Add(dice.Chance(600) ? new Complete(generation.Id, dice.Chance(300) ? dice.Below((int)generation.Units + 1) : null) : new Fail(generation.Id, dice.Pick(FailReasons)));
            if (dice.Chance(30))
            {
                commands.Add(new Fail(generation.Id + "-7", "server_error"));
            }
        }

        foreach (var portion in commands.Count == 0 ? [] : SettlePortion.Of(commands))
        {
            var request = new Request<ImmutableArray<Outcome<Settled>>>($"{name} settle {portion.Commands.Length}", customer.WorkspaceId, _ => Settlements.WorkOf(portion, _ => true)) { Repeats = dice.Chance(800) };
            if ((await Asker.AskAsync(request, dice))?.Outcome is Outcome<ImmutableArray<Outcome<Settled>>>.Accepted { Value: var outcomes })
            {
                portion.Commands.Zip(outcomes).ToList().ForEach(one => Note(customer, one.First.Id, one.Second));
            }
        }
    }

    /// <summary>A request that costs nothing but a hit on its key's limit.</summary>
    public async Task VerifyAsync(Customer customer, Dice dice, string name)
    {
        var rate = dice.Pick([RateKeys.Sliding, RateKeys.Hourly]) with { Counts = dice.Chance(900) };
        var request = new Request<bool>($"{name} verify", customer.WorkspaceId, _ => new Work<bool>((_, _) => true) { ReadsAccount = false })
        {
            Rate = rate with { Window = rate.Window + customer.WorkspaceId[3..7] },
        };
        await Asker.AskAsync(request, dice);
    }

    private async Task SettleAsync(Customer customer, Dice dice, string name, string id, Func<UnitOfWork, Catalog, Outcome<Settled>> decide)
    {
        Ids.TryParse("gen", id, out _, out var key);
        var request = new Request<Settled>($"{name} {id[^8..]}", customer.WorkspaceId, _ => new Work<Settled>(decide) { Reads = [Admission.RowKeyOf(key)] })
        {
            Repeats = dice.Chance(600),
            Operation = OperationFor($"POST /generations/{id}", name, "", dice),
            Answer = value => new Reply(200, JsonSerializer.Serialize(new { id, status = value.Generation.Status.ToString(), credits = value.Workspace.Balance.ToDecimal() })),
        };
        Note(customer, id, (await Asker.AskAsync(request, dice))?.Outcome);
    }

    private void Note(Customer customer, string id, Outcome<Settled>? outcome)
    {
        if (outcome is Outcome<Settled>.Declined)
        {
            customer.Running.RemoveAll(one => one.Id == id);
        }
        else if (outcome is Outcome<Settled>.Accepted { Value: var accepted })
        {
            proof.Settle(id, Settlement.Of(accepted.Generation));
            customer.Running.RemoveAll(one => one.Id == id && !accepted.Generation.Runs);
        }
        else if (outcome is Outcome<Settled>.AlreadyApplied { Value: var applied })
        {
            proof.Settle(id, Settlement.Of(applied.Generation));
        }
    }

    /// <summary>Most are small; some have several rows.</summary>
    private static int SizeOfBatch(Dice dice) => dice.Chance(250) ? dice.Between(20, 120) : dice.Between(1, 6);

    private void ProveStored(string name, Admitted admitted)
    {
        var partition = new Partition(Table.Ledger, admitted.Workspace.WorkspaceId);
        foreach (var row in admitted.Rows)
        {
            world.Require(world.Tables.Read(partition, row.RowKey) is not null, "Each answered success is stored", () => $"{name}: {row.RowKey} was admitted and is not there");
        }
    }

    public static bool TryPick(Customer customer, Dice dice, out (string Id, long Units) generation)
    {
        var from = customer.Running.Count > 0 && dice.Chance(750) ? customer.Running : customer.Generations;
        generation = from.Count == 0 ? default : dice.Pick(from);
        return from.Count > 0;
    }

    private static void Remember(Customer customer, Reply reply, IReadOnlyList<AdmitItem> items)
    {
        using var answer = JsonDocument.Parse(reply.Body);
        foreach (var (id, index) in answer.RootElement.GetProperty("ids").EnumerateArray().Select((element, index) => (element.GetString()!, index)))
        {
            if (id.StartsWith("gen_", StringComparison.Ordinal) && !customer.Generations.Exists(one => one.Id == id))
            {
                customer.Generations.Add((id, items[index].Price.Units));
                customer.Running.Add((id, items[index].Price.Units));
            }
        }
    }
}
