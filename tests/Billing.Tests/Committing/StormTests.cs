using System.Collections.Concurrent;
using System.Collections.Immutable;
using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Generations;
using Billing.Workspaces;

namespace Billing.Tests.Committing;

/// <summary>Three processes, clients that insist, and storage of which every tenth call goes wrong in one way or another.</summary>
public sealed class StormTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Every_request_has_one_effect_and_one_answer(int seed)
    {
        var world = await World.OpenAsync(credits: 150);
        await world.Process().DoAsync(world.Listen(2));
        var processes = Enumerable.Range(0, 3).Select(_ => world.Process()).ToArray();
        var storm = new Storm(world, seed);

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(async client =>
        {
            var random = new Random(seed * 100 + client);
            var mine = new List<(string Key, Reply? Answer)>();
            for (var i = 0; i < 12; i++)
            {
                // Some requests come twice, from two clients, through different processes.
                var key = $"request {(client + random.Next(2)) % 24} {i}";
                var done = await InsistAsync(() => processes[random.Next(3)].SubmitAsync(World.WorkspaceId, world.Admit(1, key)));
                mine.Add((key, done.Answer));
                if (done is { Replayed: false, Outcome: Outcome<Admitted>.Accepted { Value.Admission: { } admission } } && random.Next(2) == 0)
                {
                    await InsistAsync(() => processes[random.Next(3)].SubmitAsync(World.WorkspaceId, world.Fail(admission.Generations[0].Id)));
                }
            }

            return mine;
        }));
        storm.IsOver();

        var given = answers.SelectMany(one => one).Where(one => one.Answer is not null).ToLookup(one => one.Key, one => one.Answer!);
        Assert.All(given, key => Assert.Single(key.Distinct()));
        var admitted = world.Rows(Admission.Prefix).Select(row => RowJson.Read<Admission>(row.Data)).Where(admission => admission.Answered is not null);
        var operations = world.Rows(Operation.Prefix).Select(row => RowJson.Read<Operation>(row.Data).Reply).Concat(admitted.Select(world.Admit().Replay!)).ToHashSet();
        Assert.All(given, key => Assert.Contains(key.First(), operations));
        foreach (var refund in world.Rows(Refund.Prefix).Select(row => RowJson.Read<Refund>(row.Data)))
        {
            await world.Process().DoAsync(world.CarryOut(refund.Id));
        }

        var entries = await Audit.ProveAsync(world);
        Assert.Equal(operations.Count, entries.Count(entry => entry.Type == EntryType.Deduction));
        Assert.Distinct(operations.Select(reply => reply.Body));
        Assert.Equal(world.Rows(Refund.Prefix).Length, entries.Count(entry => entry.Type == EntryType.Refund));
    }

    private static async Task<WorkResult<T>> InsistAsync<T>(Func<Task<WorkResult<T>?>> submit)
    {
        while (true)
        {
            try
            {
                return (await submit().WaitAsync(TimeSpan.FromSeconds(60)))!;
            }
            catch (StorageUnavailableException)
            {
            }
        }
    }

    /// <summary>Copies that are under way arrive at any later time.</summary>
    private sealed class Storm
    {
        private readonly ConcurrentQueue<Action> _underWay = [];
        private readonly World _world;
        private readonly Random _random;

        public Storm(World world, int seed)
        {
            (_world, _random) = (world, new Random(seed));
            world.Store.BeforeRead = _ => Perhaps();
            world.Store.AfterRead = _ => Perhaps();
            world.Messages.BeforeSend = (_, _) => Perhaps();
            world.Messages.AfterSend = _ => Perhaps();
            world.Messages.BeforeReveal = _ => Perhaps();
            world.Store.BeforeCommit = BeforeCommit;
            world.Store.AfterCommit = (_, _, result) => Task.FromResult(Next(20) == 0 ? new CommitResult.Unknown() : result);
        }

        public void IsOver()
        {
            _world.Calm();
            while (_underWay.TryDequeue(out var late))
            {
                late();
            }
        }

        private Task Perhaps() => Next(40) == 0 ? throw new StorageUnavailableException("It is down.") : Task.CompletedTask;

        private async Task<CommitResult?> BeforeCommit(Partition partition, ImmutableArray<RowWrite> writes)
        {
            if (Next(4) == 0)
            {
                await Task.Delay(1);
            }

            if (Next(3) == 0 && _underWay.TryDequeue(out var late))
            {
                late();
            }

            switch (Next(30))
            {
                case 0:
                    throw new StorageUnavailableException("It is down.");
                case 1:
                    return new CommitResult.Unknown();
                case 2 or 3:
                    _underWay.Enqueue(() => _world.Store.Arrive(partition, writes));
                    return new CommitResult.Unknown();
                default:
                    return null;
            }
        }

        private int Next(int below)
        {
            lock (_random)
            {
                return _random.Next(below);
            }
        }
    }
}
