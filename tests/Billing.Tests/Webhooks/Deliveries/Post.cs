using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Jobs;
using Billing.Testing;
using Billing.Tests.Writing;
using Billing.Webhooks;
using Billing.Writing;

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

    public DateTimeOffset Now => World.Clock.Now;

    public InMemoryDoorbell Doorbell => World.Doorbell;

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
            Tests.Accounts.Workspace.Amount(threshold),
            WebhookSignature.NewSecret(Enumerable.Repeat((byte)_endpoints, 32).ToArray()));
        return await DoAsync(new Work<WebhookEndpoint>((draft, catalog) => EndpointDecisions.Create(draft, catalog, command)));
    }

    /// <summary>Decides and stores, and waits until the bells are revealed, which nobody else waits for.</summary>
    public async Task<T> DoAsync<T>(Work<T> work)
    {
        var (rung, revealed) = (Doorbell.Rung, Doorbell.Revealed);
        var done = await World.Process().DoAsync(work);
        for (var wait = 0; wait < 1_000 && Doorbell.Revealed - revealed < Doorbell.Rung - rung; wait++)
        {
            await Task.Delay(1);
        }

        return done;
    }

    public Task<T> DecideAsync<T>(string endpointId, Func<Draft, Outcome<T>> decide) =>
        DoAsync(new Work<T>((draft, _) => decide(draft)) { Reads = [WebhookEndpoint.KeyOf(endpointId)] });

    public Task BuyAsync(string reference = "pay_1") => DoAsync(World.Buy(20, reference));

    public Task<WebhookDelivery> ReplayAsync(WebhookEndpoint endpoint, long sequence)
    {
        var replay = ReplayDecision.Of(endpoint.Id, WebhookDelivery.New(endpoint.Key, sequence, "", Now).IdIn(World.WorkspaceId))!;
        return DoAsync(new Work<WebhookDelivery>((draft, _) => replay.Decide(draft)) { Reads = replay.Reads });
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
        Doorbell.Advance(time);
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
        }
    }

    /// <summary>Takes what is to be seen in the queue.</summary>
    public List<string> Drain()
    {
        List<string> messages = [.. _visible, .. Doorbell.Drain(Queues.Webhooks).Select(ring => ring.Message)];
        _visible.Clear();
        return messages;
    }

    /// <summary>Loses every message of the queue.</summary>
    public void LoseBells()
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
    public Task<DueRun> FindDueAsync() => new DueJob(World.Ledger, Doorbell, World.Clock).RunAsync(Queues.Webhooks, default);

    public ImmutableArray<WebhookDelivery> Deliveries(WebhookEndpoint endpoint) =>
        [.. World.Rows($"{WebhookDelivery.Prefix}{endpoint.Key}:").Select(row => RowJson.Read<WebhookDelivery>(row.Data))];

    public EndpointLane Lane(WebhookEndpoint endpoint) => RowJson.Read<EndpointLane>(World.Rows(EndpointLane.KeyOf(endpoint.Key)).Single().Data);

    public WebhookEndpoint Endpoint(string id) => RowJson.Read<WebhookEndpoint>(World.Rows(WebhookEndpoint.KeyOf(id)).Single().Data);

    /// <summary>Nothing is under way any more, and every event is with everyone it is for.</summary>
    public async Task ProveQuietAsync(bool events = true)
    {
        var account = await World.AccountAsync();
        Assert.Equal(0, account.PendingEvents);
        Assert.Empty(World.Rows(DueDelivery.Prefix));
        Assert.All(World.Rows(EndpointLane.Prefix), row => Assert.False(RowJson.Read<EndpointLane>(row.Data).Held));
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
    public AccountWriter Writer { get; } = post.World.Process();

    public WebhookConsumer Consumer => field ??= new WebhookConsumer(new WebhookPorts(post.World.Ledger, post.World.Doorbell, Writer, post.World.Clock, post.Receivers.SendAsync, post.World.Backoff));
}

/// <summary>The machine is off: whatever it was about to do, it does not.</summary>
internal sealed class PowerCutException : Exception;
