using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Simulation.Checking;
using Billing.Simulation.Runs;
using Billing.Simulation.Time;

namespace Billing.Simulation.Clients;

/// <summary>Everybody who asks for something: services, customers, operators. Each operation has dice of its own.</summary>
/// <param name="world">Where they live.</param>
/// <param name="proof">What they were told.</param>
/// <param name="customers">Whose workspaces they work on.</param>
/// <param name="web">Those of them that come over HTTP; null in runs that do without the API.</param>
internal sealed partial class Clients(World world, Proof proof, IReadOnlyList<Customer> customers, WebClients? web = null)
{
    private static readonly (int Weight, Func<Clients, Customer, Dice, string, Task> Do)[] Kinds =
    [
        (26, (clients, customer, dice, name) => clients.AdmitAsync(customer, dice, name, batch: false)),
        (8, (clients, customer, dice, name) => clients.AdmitAsync(customer, dice, name, batch: true)),
        (16, (clients, customer, dice, name) => clients.CompleteAsync(customer, dice, name)),
        (9, (clients, customer, dice, name) => clients.FailAsync(customer, dice, name)),
        (4, (clients, customer, dice, name) => clients.HeartbeatAsync(customer, dice, name)),
        (5, (clients, customer, dice, name) => clients.SettleManyAsync(customer, dice, name)),
        (5, (clients, customer, dice, name) => clients.TopUpAsync(customer, dice, name)),
        (5, (clients, customer, dice, name) => clients.ReverseAsync(customer, dice, name)),
        (5, (clients, customer, dice, name) => clients.GiveAsync(customer, dice, name)),
        (5, (clients, customer, dice, name) => clients.SubscribeAsync(customer, dice, name)),
        (2, (clients, customer, dice, name) => clients.CancelAsync(customer, dice, name)),
        (4, (clients, customer, dice, name) => clients.PayAsync(customer, dice, name)),
        (5, (clients, customer, dice, name) => clients.AskRefundAsync(customer, dice, name)),
        (4, (clients, customer, dice, name) => clients.ReviewAsync(customer, dice, name)),
        (2, (clients, customer, dice, name) => clients.ListenAsync(customer, dice, name)),
        (1, (clients, customer, dice, name) => clients.PingAsync(customer, dice, name)),
        (1, (clients, customer, dice, name) => clients.ForgetAsync(customer, dice, name)),
        (5, (clients, customer, dice, name) => clients.ReadAsync(customer, dice, name)),
        (5, (clients, customer, dice, name) => clients.VerifyAsync(customer, dice, name)),
    ];

    private static readonly (int Weight, Func<Clients, Customer, Dice, string, Task> Do)[] KindsWithHttp =
    [
        .. Kinds,
        (40, (clients, customer, dice, name) => clients.Web.AdmitAsync(customer, dice, name)),
        (14, (clients, customer, dice, name) => clients.Web.CompleteAsync(customer, dice, name)),
        (6, (clients, customer, dice, name) => clients.Web.FailAsync(customer, dice, name)),
        (3, (clients, customer, dice, name) => clients.Web.HeartbeatAsync(customer, dice, name)),
        (6, (clients, customer, dice, name) => clients.Web.TopUpAsync(customer, dice, name)),
        (4, (clients, customer, dice, name) => clients.Web.RevokeAsync(customer, dice, name)),
    ];

    private WebClients Web => web!;

    public Asker Asker { get; } = new(world, proof);

    /// <summary>Does one thing, chosen by the dice.</summary>
    public async Task ActAsync(int number, Dice dice)
    {
        var customer = dice.Pick(customers);
        var kinds = web is null ? Kinds : KindsWithHttp;
        var at = dice.Below(kinds.Sum(kind => kind.Weight));
        try
        {
            foreach (var (weight, act) in kinds)
            {
                if ((at -= weight) < 0)
                {
                    await act(this, customer, dice, $"#{number}");
                    return;
                }
            }
        }
#pragma warning disable CA1031 // a simulated client has no other way to say so
        catch (Exception exception)
#pragma warning restore CA1031
        {
            world.Fail("The simulation itself is sound", $"{number}: {exception}");
        }
    }

    private Task ReadAsync(Customer customer, Dice dice, string name) => ReadAsync(customer, dice.Pick(world.Instances), name);

    private async Task ReadAsync(Customer customer, Instances.Instance instance, string name)
    {
        var before = world.Witness.HistoryOf(customer.WorkspaceId).Count;
        try
        {
            var workspace = await instance.Writer.ReadAsync(customer.WorkspaceId, default);
            world.Require(workspace?.Version >= before, "A read sees what was answered before it", () => $"{name}: version {workspace?.Version}, {before} was stored");
            world.Require(workspace?.Balance >= Credits.Zero, "The balance is never below zero", () => $"{name} reads {workspace?.Balance}");
        }
        catch (StorageUnavailableException)
        {
            world.Trace.Say(world.Loop.Now, "", $"{name} read: unavailable");
        }
    }

    private static OperationKey? OperationFor(string endpoint, string name, string body, Dice dice)
    {
        if (dice.Chance(400))
        {
            return null;
        }

        return OperationKey.Of(endpoint, $"key-{name}", System.Text.Encoding.UTF8.GetBytes(body));
    }

    private static RateHit? HitFor(Dice dice) => dice.Below(5) switch
    {
        0 => RateKeys.Sliding,
        1 => RateKeys.Hourly,
        2 => RateKeys.Generations,
        _ => null,
    };
}
