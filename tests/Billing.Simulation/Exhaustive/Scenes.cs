using System.Collections.Immutable;
using Billing.Engine.Due;

namespace Billing.Simulation.Exhaustive;

/// <summary>The stories whose every call fails in every way.</summary>
internal static class Scenes
{
    public static readonly ImmutableArray<(string Name, Action<Scene> Play)> All =
    [
        ("admit", scene => scene.Act(() => scene.Clients.AdmitAsync(scene.Customer, Scene.Dice(3), "#1", batch: false))),
        ("admit a batch", scene => scene.Act(() => scene.Clients.AdmitAsync(scene.Customer, Scene.Dice(5), "#1", batch: true))),
        ("complete a part, refund the rest", scene =>
        {
            Running(scene);
            scene.Act(() => scene.Clients.CompleteAsync(scene.Customer, Scene.Dice(4), "#2"));
            scene.Work(Queues.Expirations);
        }),
        ("fail and refund", scene =>
        {
            Running(scene);
            scene.Act(() => scene.Clients.FailAsync(scene.Customer, Scene.Dice(1), "#2"));
            scene.Work(Queues.Expirations);
        }),
        ("settle many, and refund what failed", scene =>
        {
            Running(scene);
            Running(scene);
            scene.Act(() => scene.Clients.SettleManyAsync(scene.Customer, Scene.Dice(1), "#2"));
            scene.Work(Queues.Expirations);
        }),
        ("expire and refund", scene =>
        {
            Running(scene);
            scene.Pass(TimeSpan.FromHours(1));
            scene.Act(() => Task.CompletedTask);
            scene.Work(Queues.Expirations);
        }),
        ("renewal", scene =>
        {
            Running(scene);
            scene.Pass(TimeSpan.FromDays(32));
            scene.Act(() => Task.CompletedTask);
            scene.Work(Queues.Renewals);
        }),
        ("a canceled subscription gives way to the default plan", scene =>
        {
            scene.Prepare(() => scene.Clients.CancelAsync(scene.Customer, Scene.Dice(2), "#2"));
            scene.Pass(TimeSpan.FromDays(32));
            scene.Act(() => Task.CompletedTask);
            scene.Work(Queues.Renewals);
        }),
        ("month-end", scene =>
        {
            while (scene.World.Witness.Stored(scene.Customer.WorkspaceId).Overage.Units < 2)
            {
                Running(scene);
            }

            for (var number = 40ul; scene.Customer.Running.Count > 0; number++)
            {
                scene.Prepare(() => scene.Clients.CompleteAsync(scene.Customer, Scene.Dice(number), $"#{number}"));
            }

            scene.Pass(TimeSpan.FromDays(3));
            scene.Act(() => Task.CompletedTask);
            scene.Work(Queues.OverageCharges);
        }),
        ("top-up", scene => scene.Act(() => scene.Clients.TopUpAsync(scene.Customer, Scene.Dice(2), "#1"))),
        ("top-up with a webhook", scene =>
        {
            scene.Prepare(() => scene.Clients.ListenAsync(scene.Customer, Scene.Dice(2), "#9"));
            scene.Act(() => scene.Clients.TopUpAsync(scene.Customer, Scene.Dice(2), "#1"));
            scene.Work(Queues.Webhooks);
        }),
    ];

    private static void Running(Scene scene) =>
        scene.Prepare(() => scene.Clients.AdmitAsync(scene.Customer, Scene.Dice(8 + (ulong)scene.Customer.Generations.Count), $"#{20 + scene.Proof.Attempts.Count}", batch: scene.Customer.Generations.Count > 0));
}
