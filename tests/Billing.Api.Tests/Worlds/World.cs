using System.Collections.Concurrent;
using System.Collections.Immutable;
using Azure.Storage.Queues;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Storage;
using Billing.Testing;

namespace Billing.Api.Tests.Worlds;

/// <summary>One backend: tables and queues of its own on this run's Azurite, one or more Hosts on them, all with the same development clock.</summary>
public sealed class World : IAsyncDisposable
{
    public const string Start = "2025-11-01T00:00:00Z";
    private static readonly Lazy<Task<World>> Standing = new(() => StartAsync());
    private readonly ImmutableArray<StorageOptions> _shards;
    private readonly Dictionary<string, string> _settings;
    private readonly List<HostProcess> _hosts = [];
    private readonly ConcurrentDictionary<string, string> _sessions = [];
    private readonly ConcurrentBag<Customer> _customers = [];

    private World(ImmutableArray<StorageOptions> shards, string now, IReadOnlyDictionary<string, string>? more)
    {
        _shards = shards;
        var storage = shards[0];
        _settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["AzureWebJobsStorage"] = storage.ConnectionString!,
            ["Billing__TablePrefix"] = storage.TablePrefix,
            ["Billing__QueuePrefix"] = storage.QueuePrefix,
            ["Billing__ServiceKeys__0"] = ServiceKey,
            ["Billing__OperatorKeys__0"] = OperatorKey,
            ["Billing__TestClock"] = now,
        };
        foreach (var shard in Enumerable.Range(1, shards.Length - 1))
        {
            _settings[$"Billing__Shards__{shard}"] = shards[shard].ConnectionString!;
        }

        foreach (var (name, value) in more ?? ImmutableDictionary<string, string>.Empty)
        {
            _settings[name] = value;
        }
    }

    /// <summary>The one of all tests that need no other time: its clock stands at <see cref="Start"/> for good.</summary>
    public static Task<World> Shared => Standing.Value;

    public string ServiceKey { get; } = Secret("service");

    public string OperatorKey { get; } = Secret("operator");

    public IReadOnlyList<HostProcess> Hosts => _hosts;

    /// <summary>The environment variables that its Hosts run with.</summary>
    public IReadOnlyDictionary<string, string> Settings => _settings;

    public IReadOnlyCollection<Customer> Customers => _customers;

    public Client Anyone => AnyoneAt(0);

    public Client Operator => OperatorAt(0);

    public static async Task<World> StartAsync(string now = Start, int hosts = 1, IReadOnlyDictionary<string, string>? settings = null, params Azurite[] shards)
    {
        var suffix = Guid.NewGuid().ToString("N")[..8];
        var accounts = shards is [] ? [await Azurite.Shared] : shards;
        var world = new World(
            [.. accounts.Select(account => new StorageOptions { ConnectionString = account.ConnectionString, TablePrefix = "w" + suffix, QueuePrefix = $"w{suffix}-" })], now, settings);
        for (var i = 0; i < hosts; i++)
        {
            await world.AddHostAsync();
        }

        return world;
    }

    public Client AnyoneAt(int host) => new(_hosts[host].Address);

    public Client OperatorAt(int host) => AnyoneAt(host).As(OperatorKey);

    /// <summary>The generation service, passing on a customer's key.</summary>
    public Client Service(string? apiKey = null, int host = 0) => AnyoneAt(host).As(ServiceKey, apiKey);

    /// <summary>The generation service, naming a workspace.</summary>
    public Client ServiceFor(string workspaceId, bool? test = null, int host = 0) =>
        Service(host: host) with { Workspace = workspaceId, TestMode = test is null ? null : test == true ? "true" : "false" };

    /// <summary>The generation service, naming an account by the seller's own id.</summary>
    public Client ServiceForExternal(string externalId, string? product = null, bool? test = null, int host = 0) =>
        Service(host: host) with { ExternalId = externalId, Product = product, TestMode = test is null ? null : test == true ? "true" : "false" };

    public async Task<HostProcess> AddHostAsync()
    {
        var host = await HostProcess.StartAsync(_settings);
        _hosts.Add(host);
        return host;
    }

    /// <summary>Kills a Host as a crash would and starts another in its place, with the clock where it stood.</summary>
    public async Task CrashAsync(int index, string? now = null)
    {
        await _hosts[index].KillAsync();
        if (now is not null)
        {
            _settings["Billing__TestClock"] = now;
        }

        _hosts[index] = await HostProcess.StartAsync(_settings);
    }

    /// <summary>An account's session token, as fresh as the last move of the clock.</summary>
    public string SessionOf(string accountId) => _sessions[accountId];

    /// <summary>Moves every Host's clock; sessions begin anew.</summary>
    public async Task MoveAsync(string now)
    {
        _settings["Billing__TestClock"] = now;
        foreach (var host in Enumerable.Range(0, _hosts.Count))
        {
            (await AnyoneAt(host).PutAsync("/dev/clock", $$"""{"now": "{{now}}"}""")).Is(200);
        }

        await Task.WhenAll(_sessions.Keys.Select(OpenSessionAsync));
    }

    /// <summary>A new account with its personal workspace and one key.</summary>
    public async Task<Customer> CustomerAsync(string product, string? plan = null, decimal? credits = null, string environment = "production")
    {
        var account = (await Operator.PostAsync("admin/accounts", Json.Of(new { product, name = "Ada", email = "ada@example.com", plan, credits }))).Is(201);
        return await CustomerAsync(product, account.Text("account_id"), account.Text("workspace_id"), environment);
    }

    /// <summary>A key of an account that is there already.</summary>
    public async Task<Customer> CustomerAsync(string product, string accountId, string workspaceId, string environment = "production")
    {
        await OpenSessionAsync(accountId);
        var customer = await new Customer(this, product, accountId, workspaceId, "", "").WithKeyAsync(environment);
        _customers.Add(customer);
        return customer;
    }

    /// <summary>The rows that the Hosts work on.</summary>
    public ITableStore OpenLedger() => new TableStore(OpenStorage());

    public StorageClients OpenStorage() => new(_shards);

    /// <summary>A queue that the Hosts work on.</summary>
    public QueueClient OpenQueue(string name, int shard = 0) => new(_shards[shard].ConnectionString, _shards[shard].QueuePrefix + name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None });

    // What was sent for a commit that lost its race stays hidden for a minute before anybody sees that there is nothing to do.
    private static readonly TimeSpan LongestHidden = TimeSpan.FromMinutes(3);

    /// <summary>Waits until every queue is empty, hidden messages included: all that they asked for is done.</summary>
    public async Task QuietAsync()
    {
        foreach (var (name, shard) in Queues.All.SelectMany(name => Enumerable.Range(0, _shards.Length).Select(shard => (name, shard))))
        {
            var queue = OpenQueue(name, shard);
            await Eventually.SeeAsync(async () => (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount, count => count == 0, LongestHidden);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }
    }

    private async Task OpenSessionAsync(string accountId) =>
        _sessions[accountId] = (await Operator.PostAsync("admin/sessions", Json.Of(new { account_id = accountId }))).Is(201).Text("token");

    private static string Secret(string kind) => $"sk_{kind}_{Guid.NewGuid():N}";
}
