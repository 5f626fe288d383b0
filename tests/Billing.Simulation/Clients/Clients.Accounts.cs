using System.Text.Json;
using Billing.Engine.Committing;
using Billing.Generations;
using Billing.Simulation.Time;
using Billing.Subscriptions;
using Billing.TopUps;
using Billing.Workspaces;

namespace Billing.Simulation.Clients;

internal sealed partial class Clients
{
    private static readonly string[] RefundReasonsAsked = ["quality_issue", "incorrect_charge", "technical_problem", "user_error"];

    public async Task TopUpAsync(Customer customer, Dice dice, string name)
    {
        var reference = ReferenceFor(customer, proof, dice, name);
        var credits = proof.TopUps[(customer.WorkspaceId, reference)].Credits;
        var request = new Request<TopUp>($"{name} top-up {reference} {credits}", customer.WorkspaceId, _ =>
            new Work<TopUp>((unit, catalog) => TopUpDecisions.Buy(unit, catalog, new BuyCredits(credits, reference, PaidFor(reference))))
            {
                Reads = [TopUp.KeyOf(TopUp.IdOf(customer.WorkspaceId, reference))],
            })
        {
            Repeats = true,
            Operation = OperationFor("POST /top-ups", name, reference, dice),
            Answer = topUp => new Reply(201, JsonSerializer.Serialize(new { id = topUp.Id, credits = topUp.Credits.ToDecimal() })),
        };
        if (Succeeded(await Asker.AskAsync(request, dice)))
        {
            proof.TopUps[(customer.WorkspaceId, reference)] = proof.TopUps[(customer.WorkspaceId, reference)] with { Answered = true };
        }
    }

    /// <summary>What was paid by a reference, be it nothing or unknown: however often it is told, it is the same.</summary>
    public static Money? PaidFor(string reference) => (reference[^1] % 4) switch
    {
        0 => null,
        1 => new Money(0, "USD"),
        var kind => new Money((499 * kind) + reference.Length, kind == 2 ? "USD" : "EUR"),
    };

    /// <summary>A payment for a top-up: a new one, or one that was told before.</summary>
    public static string ReferenceFor(Customer customer, Checking.Proof proof, Dice dice, string name)
    {
        if (customer.References.Count > 0 && dice.Chance(300))
        {
            return dice.Pick(customer.References);
        }

        var (reference, least) = ($"pay-{name}", customer.Product == Runs.Stock.Loom ? 5 : 20);
        customer.References.Add(reference);
        proof.TopUps.Add((customer.WorkspaceId, reference), (Credits.Of(dice.Between(least, least * 2)), false, false));
        return reference;
    }

    public async Task ReverseAsync(Customer customer, Dice dice, string name)
    {
        if (customer.References.Count == 0)
        {
            return;
        }

        var reference = dice.Pick(customer.References);
        var id = TopUp.IdOf(customer.WorkspaceId, reference);
        var dispute = dice.Chance(600) ? $"dispute-{dice.Below(3)}" : null;
        if (dice.Chance(300))
        {
            await ReinstateAsync(customer, dice, $"{name} reinstate {reference}", new ReinstateTopUp(id, dispute ?? "dispute"));
            return;
        }

        Credits? part = dispute is not null && dice.Chance(500) ? new Credits(dice.Between(1, 15_000)) : null;
        var request = new Request<TopUp>($"{name} reverse {reference} {dispute} {part}", customer.WorkspaceId, _ =>
            new Work<TopUp>((unit, catalog) => TopUpDecisions.Reverse(unit, catalog, new ReverseTopUp(id, "charge-back", dispute, part))) { Reads = [TopUp.KeyOf(id)] })
        {
            Repeats = dice.Chance(700),
        };
        if (Succeeded(await Asker.AskAsync(request, dice)))
        {
            proof.TopUps[(customer.WorkspaceId, reference)] = proof.TopUps[(customer.WorkspaceId, reference)] with { Reversed = true };
            if (dispute is not null && dice.Chance(500))
            {
                await world.Loop.Wait(dice.Chance(500) ? TimeSpan.FromMilliseconds(dice.Between(1, 30_000)) : TimeSpan.FromHours(dice.Between(1, 400)));
                await ReinstateAsync(customer, dice, $"{name} won {reference}", new ReinstateTopUp(id, dispute));
            }
        }
    }

    private async Task ReinstateAsync(Customer customer, Dice dice, string label, ReinstateTopUp command) => await Asker.AskAsync(
        new Request<TopUp>(label, customer.WorkspaceId, _ => new Work<TopUp>((unit, _) => TopUpDecisions.Reinstate(unit, command)) { Reads = [TopUp.KeyOf(command.TopUpId)] })
        {
            Repeats = dice.Chance(700),
        },
        dice);

    public async Task GiveAsync(Customer customer, Dice dice, string name)
    {
        var credits = new Credits(dice.Between(1, 5_000));
        var reason = $"goodwill {name}";
        DateTimeOffset? expiresAt = dice.Chance(500) ? world.Loop.Now + TimeSpan.FromHours(dice.Between(30, 900)) : null;
        var operation = OperationFor("POST /grants", name, reason, dice);
        proof.Grants.Add((customer.WorkspaceId, reason), (credits, false));
        var request = new Request<LedgerEntry>($"{name} grant {credits}", customer.WorkspaceId, _ =>
            new Work<LedgerEntry>((unit, _) => WorkspaceDecisions.Give(unit, new GiveCredits(credits, expiresAt, reason))))
        {
            Repeats = operation is not null,
            Operation = operation,
            Answer = entry => new Reply(201, JsonSerializer.Serialize(new { id = entry.IdIn(customer.WorkspaceId), balance = entry.BalanceAfter.ToDecimal() })),
        };
        if (Succeeded(await Asker.AskAsync(request, dice)))
        {
            proof.Grants[(customer.WorkspaceId, reason)] = (credits, true);
        }
    }

    public async Task SubscribeAsync(Customer customer, Dice dice, string name)
    {
        var plans = world.Catalogs[customer.Product].Plans;
        var plan = dice.Pick(world.Rolls && customer.Product == Runs.Stock.Loom && dice.Chance(600) ? plans[..Runs.Stock.OfOneRelease] : plans);
        var room = (plan.Allowance.Max ?? plan.Allowance.Min + Credits.Of(100)) - plan.Allowance.Min;
        Credits? chosen = plan.Allowance.Fixed is null ? plan.Allowance.Min + Credits.Of(dice.Below((int)(room.Thousandths / 1000) + 1)) : null;
        DateTimeOffset? startedAt = dice.Chance(150) ? world.Loop.Now - TimeSpan.FromDays(dice.Between(1, 80)) : null;
        var request = new Request<Subscription>($"{name} subscribe {plan.Id} {chosen} {startedAt:yyyy-MM-dd}", customer.WorkspaceId, _ =>
            new Work<Subscription>((unit, catalog) => SubscriptionDecisions.Subscribe(unit, catalog, new Subscribe(plan.Id, chosen, startedAt))))
        {
            Operation = OperationFor("PUT /subscription", name, plan.Id, dice),
            Answer = subscription => new Reply(200, subscription.ToString()),
        };
        await Asker.AskAsync(request, dice);
    }

    public async Task CancelAsync(Customer customer, Dice dice, string name) =>
        await Asker.AskAsync(
            new Request<Subscription>($"{name} cancel", customer.WorkspaceId, _ => new Work<Subscription>((unit, catalog) => SubscriptionDecisions.Cancel(unit, catalog))) { Repeats = true },
            dice);

    public async Task PayAsync(Customer customer, Dice dice, string name)
    {
        // News of an older payment, now and then: late, once more, or of what became of it.
        var again = customer.Payments.Count > 0 && dice.Chance(400);
        var reference = again ? dice.Pick(customer.Payments) : $"payment-{name}";
        if (!again)
        {
            customer.Payments.Add(reference);
        }

        var status = again ? dice.Pick(Enum.GetValues<PaymentStatus>()) : dice.Pick([PaymentStatus.Failed, PaymentStatus.Pending, PaymentStatus.Succeeded]);
        await PayAsync(customer, dice, name, reference, status);
        if (status < PaymentStatus.Succeeded && dice.Chance(850))
        {
            await world.Loop.Wait(dice.Chance(700) ? TimeSpan.FromMilliseconds(dice.Between(1, 30_000)) : TimeSpan.FromHours(dice.Between(1, 900)));
            await PayAsync(customer, dice, name, reference, PaymentStatus.Succeeded);
        }
    }

    public async Task AskRefundAsync(Customer customer, Dice dice, string name)
    {
        if (!TryPick(customer, dice, out var generation) || !Ids.TryParse("gen", generation.Id, out _, out var key))
        {
            return;
        }

        var command = new RequestRefund(generation.Id, dice.Pick(RefundReasonsAsked), null);
        var request = new Request<Refund>($"{name} ask refund {generation.Id[^8..]}", customer.WorkspaceId, _ =>
            new Work<Refund>((unit, _) => RefundDecisions.Request(unit, command)) { Reads = [Admission.RowKeyOf(key), RefundDecisions.RowKeyOf(generation.Id)] })
        {
            Repeats = dice.Chance(500),
            Operation = OperationFor("POST /refunds", name, generation.Id, dice),
            Answer = refund => new Reply(202, refund.ToString()),
        };
        if (await Asker.AskAsync(request, dice) is { Outcome: Outcome<Refund>.Accepted { Value: var asked } })
        {
            customer.Refunds.Add(asked.Id);
        }
    }

    public async Task ReviewAsync(Customer customer, Dice dice, string name)
    {
        if (customer.Refunds.Count == 0)
        {
            return;
        }

        var id = dice.Pick(customer.Refunds);
        var approve = dice.Chance(700);
        var request = new Request<Refund>($"{name} review {approve} {id[^8..]}", customer.WorkspaceId, _ =>
            new Work<Refund>((unit, _) => RefundDecisions.Review(unit, id, approve)) { Reads = RefundDecisions.RowKeysOfRefund(id) })
        {
            Repeats = dice.Chance(700),
        };
        if (Succeeded(await Asker.AskAsync(request, dice)))
        {
            proof.Refunds[id] = approve ? RefundStatus.Succeeded : RefundStatus.Denied;
        }
    }

    private async Task PayAsync(Customer customer, Dice dice, string name, string reference, PaymentStatus status)
    {
        var command = new ReportPayment(
            status, reference, dice.Chance(500) ? world.Loop.Now - TimeSpan.FromMinutes(dice.Between(1, 3_000)) : null, status < PaymentStatus.Succeeded ? null : PaidFor(reference));
        var request = new Request<PaymentReport>($"{name} payment {reference} {status}", customer.WorkspaceId, _ =>
            new Work<PaymentReport>((unit, catalog) => PaymentDecisions.Report(unit, catalog, command)) { Reads = [Payment.KeyOf(reference)] })
        {
            Repeats = true,
        };
        if (Succeeded(await Asker.AskAsync(request, dice)))
        {
            var known = proof.Payments.GetValueOrDefault((customer.WorkspaceId, reference));
            proof.Payments[(customer.WorkspaceId, reference)] = known > status ? known : status;
        }
    }

    private static bool Succeeded<T>(WorkResult<T>? done) => done is { Replayed: true } or { Outcome: Outcome<T>.Accepted or Outcome<T>.AlreadyApplied };
}
