using System.Net;
using System.Net.Sockets;
using Billing.Api.Tests.Worlds;
using Billing.Testing;

namespace Billing.Api.Tests.Shards;

/// <summary>Two Hosts over two storage accounts, each an emulator of its own that can be switched off and on again, with all that it holds.</summary>
public sealed class TwoShards : IAsyncLifetime
{
    private readonly Azurite?[] _emulators = new Azurite?[2];
    private readonly string[] _folders = [Folder(), Folder()];
    private readonly int[] _ports = [FreePorts(), FreePorts()];

    public World World { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await StartAsync(0);
        await StartAsync(1);
        World = await World.StartAsync(hosts: 2, shards: [_emulators[0]!, _emulators[1]!]);
    }

    public async Task DisposeAsync()
    {
        await World.DisposeAsync();
        await StopAsync(0);
        await StopAsync(1);
        Array.ForEach(_folders, folder => Directory.Delete(folder, recursive: true));
    }

    public async Task StopAsync(int shard)
    {
        if (_emulators[shard] is { } running)
        {
            await running.DisposeAsync();
            _emulators[shard] = null;
        }
    }

    /// <summary>Starts it where it was, with what it held.</summary>
    public async Task StartAsync(int shard) => _emulators[shard] ??= await Azurite.StartAsync(_folders[shard], _ports[shard]);

    /// <summary>New customers until there are some in both shards.</summary>
    /// <returns>Those of the first and those of the second.</returns>
    public async Task<(Customer[] First, Customer[] Second)> CustomersAsync(int ofEach, string product, string? plan = null)
    {
        var all = new[] { new List<Customer>(), [] };
        while (all.Any(some => some.Count < ofEach))
        {
            var customer = await World.CustomerAsync(product, plan);
            all[ShardMap.ShardOf(customer.WorkspaceId)].Add(customer);
        }

        return ([.. all[0].Take(ofEach)], [.. all[1].Take(ofEach)]);
    }

    private static string Folder() => Directory.CreateTempSubdirectory("azurite-").FullName;

    // Three in a row that nobody listens on now.
    private static int FreePorts()
    {
        while (true)
        {
            var first = Random.Shared.Next(20_000, 30_000);
            try
            {
                foreach (var port in Enumerable.Range(first, 3))
                {
                    using var listener = new TcpListener(IPAddress.Loopback, port);
                    listener.Start();
                }

                return first;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }
    }
}

/// <summary>Beside the others, one after the other among themselves: they switch the same emulators off.</summary>
[CollectionDefinition(nameof(TwoShards))]
public sealed class TwoShardsCollection : ICollectionFixture<TwoShards>;
