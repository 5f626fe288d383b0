using System.Collections.Immutable;
using Billing.Engine.Committing;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Engine.Webhooks;
using Billing.Events;
using Billing.InMemory;
using Billing.Tests.Committing;
using Billing.Webhooks;
using Billing.Workspaces;

namespace Billing.Tests.Webhooks.Deliveries;

/// <summary>A workspace with webhook endpoints, their receivers, and the queue between: everything but the network.</summary>
internal sealed class Post
{
    private readonly List<string> _returned = [];
    private readonly List<string> _visible = [];
    private int _endpoints;

    private Post(World world) => World = world;

    public World World { get; }

    public Receivers Receivers { get; } = new();

    /// <summary>Messages that a pump takes at once.</summary>
    public int AtOnce { get; init; } = 1;

    /// <summary>How long a consumer waits for an attempt: until it is made, unless told otherwise.</summary>
    public Func<TimeSpan, Task> Wait { get; set; } = _ => new TaskCompletionSource().Task;

    public DateTimeOffset Now => World.Clock.Now;

    public InMemoryMessageQueue Messages => World.Messages;

    public static async Task<Post> OpenAsync(string product = "bloom", string? plan = null, long credits = 0, int atOnce = 1) =>
        new(await World.OpenAsync(product, plan, credits)) { AtOnce = atOnce };

    /// <summary>A process: a writer and a consumer that have seen nothing yet.</summary>
    public Machine Start() => new(this);

    /// <summary>An endpoint that wants these events, or all.</summary>
    public async Task<WebhookEndpoint> ListenAsync(string? url = null, decimal? threshold = null, params string[] events)
    {
        var id = NextId();
        var command = new CreateEndpoint(
            id,
            url ?? $"https://receiver{_endpoints}.example/hook",
            events.Length > 0 ? [.. events] : [.. EventTypes.All],
            Tests.Workspaces.LiveWorkspace.Amount(threshold),
            WebhookSignature.NewSecret(Enumerable.Repeat((byte)_endpoints, 32).ToArray()));
        return await DoAsync(new Work<WebhookEndpoint>((unit, catalog) => EndpointDecisions.Create(unit, catalog, command)));
    }

    /// <summary>Decides and stores, and waits until the messages are revealed, which nobody else waits for.</summary>
    public async Task<T> DoAsync<T>(Work<T> work)
    {
        var (sent, revealed) = (Messages.Sent, Messages.Revealed);
        var done = await World.Process().DoAsync(work);
        for (var wait = 0; wait < 1_000 && Messages.Revealed - revealed < Messages.Sent - sent; wait++)
        {
            await Task.Delay(1);
        }

        return done;
    }

    public Task<T> DecideAsync<T>(string endpointId, Func<UnitOfWork, Outcome<T>> decide) =>
        DoAsync(new Work<T>((unit, _) => decide(unit)) { Reads = [WebhookEndpoint.KeyOf(endpointId)] });

    public Task BuyAsync(string reference = "pay_1") => DoAsync(World.Buy(20, reference));

    public Task<WebhookDelivery> ReplayAsync(WebhookEndpoint endpoint, long sequence)
    {
        var replay = ReplayDecision.Of(endpoint.Id, WebhookDelivery.New(endpoint.Key, sequence, "", Now).IdIn(World.WorkspaceId))!;
        return DoAsync(new Work<WebhookDelivery>((unit, _) => replay.Decide(unit)) { Reads = replay.Reads });
    }

    /// <summary>Recovers an endpoint, as the request does.</summary>
    public async Task<int> RecoverAsync(WebhookEndpoint endpoint, DateTimeOffset since) => await DoAsync(await RecoveryAsync(endpoint, since));

    /// <summary>The work of a recovery.</summary>
    public async Task<Work<int>> RecoveryAsync(WebhookEndpoint endpoint, DateTimeOffset since)
    {
        var lost = await LostDeliveries.FindAsync(World.Store, World.Partition, WebhookDelivery.Of(endpoint.Key), since, Now, default);
        var recover = new RecoverDecision(endpoint.Id, since, lost.Found);
        return new Work<int>((unit, _) => recover.Decide(unit)) { Reads = recover.Reads, MostRows = RecoverDecision.MostRows };
    }

    /// <summary>Lets time pass for the clock and the queue alike; messages whose consumer failed come back.</summary>
    public void Pass(TimeSpan time)
    {
        World.Clock.Now += time;
        PassQueue(time);
    }

    /// <summary>Lets time pass for the queue, as it does while a development clock stands still.</summary>
    public void PassQueue(TimeSpan time)
    {
        Messages.Advance(time);
        lock (_returned)
        {
            _visible.AddRange(_returned);
            _returned.Clear();
        }
    }

    /// <summary>Consumes until nothing is to be seen in the queue.</summary>
    public async Task PumpAsync(params Machine[] machines)
    {
        while (Drain() is { Count: > 0 } messages)
        {
            foreach (var some in messages.Chunk(AtOnce))
            {
                await Task.WhenAll(some.Select(message => ConsumeAsync(machines[Random.Shared.Next(machines.Length)], message))).WaitAsync(TimeSpan.FromSeconds(60));
            }

            await UntilAsync(() => machines.All(machine => machine.Consumer.InFlight == 0));
        }
    }

    /// <summary>Consumes what is to be seen in the queue now, and does not wait for attempts.</summary>
    public async Task ConsumeAsync(Machine machine)
    {
        Wait = _ => Task.CompletedTask;
        foreach (var message in Drain())
        {
            await ConsumeAsync(machine, message);
        }
    }

    /// <summary>Waits, in real time, until something is so.</summary>
    public static async Task UntilAsync(Func<bool> holds)
    {
        for (var wait = 0; wait < 10_000 && !holds(); wait++)
        {
            await Task.Delay(2);
        }

        Assert.True(holds());
    }

    /// <summary>Takes what is to be seen in the queue.</summary>
    public List<string> Drain()
    {
        List<string> messages = [.. _visible, .. Messages.Drain(Queues.Webhooks).Select(message => message.Message)];
        _visible.Clear();
        return messages;
    }

    /// <summary>Loses every message of the queue.</summary>
    public void LoseMessages()
    {
        PassQueue(TimeSpan.FromDays(8));
        Drain();
    }

    public async Task ConsumeAsync(Machine machine, string message)
    {
        try
        {
            Assert.NotEqual(ConsumptionKind.Parked, (await machine.Consumer.ConsumeAsync(message, default)).Kind);
        }
        catch (Exception exception) when (exception is StorageUnavailableException or PowerCutException)
        {
            lock (_returned)
            {
                _returned.Add(message);
            }
        }
    }

    /// <summary>What the timer does.</summary>
    public Task<DueRun> FindDueAsync() => new DueJob(World.Store, Messages, ShardMap.One, World.Clock).RunAsync(Queues.Webhooks, default);

    public ImmutableArray<WebhookDelivery> Deliveries(WebhookEndpoint endpoint) =>
        [.. World.Rows($"{WebhookDelivery.Prefix}{endpoint.Key}:").Select(row => RowJson.Read<WebhookDelivery>(row.Data))];

    public DateTimeOffset? FailingSince(WebhookEndpoint endpoint) =>
        World.Rows(EndpointHealth.KeyOf(endpoint.Key)).Select(row => RowJson.Read<EndpointHealth>(row.Data).FailingSince).SingleOrDefault();

    public WebhookEndpoint Endpoint(string id) => RowJson.Read<WebhookEndpoint>(World.Rows(WebhookEndpoint.KeyOf(id)).Single().Data);

    /// <summary>Nothing is under way any more, and every event is with everyone it is for.</summary>
    public void ProveQuiet(bool events = true)
    {
        Assert.Empty(World.Rows(ScheduledAttempt.Prefix));
        Assert.All(World.Rows(WebhookDelivery.Prefix), row => Assert.NotEqual(DeliveryStatus.Pending, RowJson.Read<WebhookDelivery>(row.Data).Status));
        var told = World.Rows(BillingEvent.Prefix).Select(row => RowJson.Read<BillingEvent>(row.Data)).SelectMany(one => one.Targets.Select(id => (id, one.Sequence)));
        var delivered = World.Rows(WebhookDelivery.Prefix).Select(row => RowJson.Read<WebhookDelivery>(row.Data))
            .Select(one => (Ids.Of("we", World.WorkspaceId, one.EndpointKey), one.Sequence));
        Assert.True(!events || told.Order().SequenceEqual(delivered.Order()), "Deliveries are not what was told.");
    }

    private string NextId() => Ids.Of("we", World.WorkspaceId, Ids.TimeOrdered(Now, [0, 0, 0, 0, (byte)++_endpoints]));
}

/// <summary>One process of a <see cref="Post"/>.</summary>
internal sealed class Machine(Post post)
{
    public WorkspaceWriter Writer { get; } = post.World.Process();

    public WebhookConsumer Consumer => field ??= new WebhookConsumer(new WebhookPorts(post.World.Store, post.World.Messages, Writer, post.World.Clock, post.Receivers.SendAsync, post.World.Backoff, time => post.Wait(time)));
}

/// <summary>The machine is off: whatever it was about to do, it does not.</summary>
internal sealed class PowerCutException : Exception;
