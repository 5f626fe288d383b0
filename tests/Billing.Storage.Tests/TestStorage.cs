using Azure.Core.Pipeline;
using Billing.Testing;

namespace Billing.Storage.Tests;

/// <summary>Clients of this process's emulator, with tables and queues of their own.</summary>
internal static class TestStorage
{
    private static readonly string Suffix = Guid.NewGuid().ToString("N")[..8];
    private static readonly Lazy<Task<StorageClients>> Opened = new(OpenAsync);

    /// <summary>Over tables and queues that exist.</summary>
    public static Task<StorageClients> Clients => Opened.Value;

    /// <summary>The same tables and queues through <paramref name="policies"/>.</summary>
    public static async Task<StorageClients> ThroughAsync(params HttpPipelinePolicy[] policies) => new((await OptionsAsync()) with
    {
        Policies = policies,
        NetworkTimeout = TimeSpan.FromSeconds(1),
    });

    /// <summary>Over queues that no other test uses.</summary>
    public static async Task<StorageClients> WithQueuesAsync()
    {
        var clients = new StorageClients((await OptionsAsync()) with { QueuePrefix = $"q{Guid.NewGuid().ToString("N")[..8]}-" });
        await new MessageQueue(clients).EnsureCreatedAsync(0, default);
        return clients;
    }

    public static async Task<StorageOptions> OptionsAsync() => new()
    {
        ConnectionString = (await Azurite.Shared).ConnectionString,
        TablePrefix = "t" + Suffix,
        QueuePrefix = $"q{Suffix}-",
    };

    private static async Task<StorageClients> OpenAsync()
    {
        var clients = new StorageClients(await OptionsAsync());
        await new TableStore(clients).EnsureCreatedAsync(0, default);
        await new MessageQueue(clients).EnsureCreatedAsync(0, default);
        return clients;
    }
}
