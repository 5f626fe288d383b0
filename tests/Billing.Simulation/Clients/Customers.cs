using System.Collections.Immutable;
using Billing.Engine.Ports;
using Billing.Simulation.Runs;
using Billing.Simulation.Time;
using Billing.Subscriptions;
using Billing.Workspaces;

namespace Billing.Simulation.Clients;

/// <summary>The workspaces of a run.</summary>
internal static class Customers
{
    private static readonly (string Product, string? Plan, int? Credits)[] Kinds =
    [
        (Stock.Loom, null, null), (Stock.Loom, "basic", null), (Stock.Loom, "big", 40), (Stock.Loom, "basic", null),
        ("bloom", null, null), ("bloom", "plus", null), ("bluma", "starter", null), ("bluma", null, null), ("gleam", null, null), ("gleam", "pro", null),
    ];

    public static ImmutableArray<Customer> Of(Dice dice, ShardMap shards) =>
    [
        .. Enumerable.Range(0, shards.Count == 1 ? dice.Pick([1, 1, 2, 3]) : dice.Pick([2, 3, 4])).Select(_ =>
        {
            var (product, plan, credits) = dice.Pick(Kinds);
            return new Customer(new OpenWorkspace(
                shards.NewWorkspaceId(dice.Bytes(ShardMap.BytesOfId)),
                product,
                "Studio",
                dice.Chance(800) ? WorkspaceType.Personal : WorkspaceType.Team,
                plan,
                credits is { } chosen ? Credits.Of(chosen) : null));
        }),
    ];

    /// <summary>Opens an account, however often it takes.</summary>
    public static async Task OpenAsync(World world, Customer customer, Dice dice)
    {
        while (true)
        {
            var instance = dice.Pick(world.Instances);
            var over = new TaskCompletionSource<bool>();
            instance.Life.OnEnd(() => over.TrySetResult(false));
            _ = ForwardAsync(instance.Opener.OpenAsync(customer.Opening, default), over);
            if (await over.Task)
            {
                return;
            }

            await world.Loop.Wait(TimeSpan.FromSeconds(1));
        }
    }

    private static async Task ForwardAsync(Task<Outcome<Workspace>> opened, TaskCompletionSource<bool> over)
    {
        try
        {
            over.TrySetResult(await opened is not Outcome<Workspace>.Declined);
        }
        catch (StorageUnavailableException)
        {
            over.TrySetResult(false);
        }
    }
}
