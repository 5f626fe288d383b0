using System.Collections.Immutable;
using System.Security.Cryptography;
using Billing.Accounts;
using Billing.Engine.Committing;
using Billing.Engine.Directories;
using Billing.Keys;
using Billing.Subscriptions;
using Billing.Workspaces;

namespace Billing.Benchmarks.Admits;

/// <summary>A workspace to admit for, and the key of its account.</summary>
internal sealed record Customer(string WorkspaceId, string Key);

/// <summary>Opens accounts that no measure has used, with more credits than any can spend.</summary>
internal static class Customers
{
    public const string Product = "bluma";
    private const int AtOnce = 32;
    private const int HoursSpread = 25 * 24;
    private static readonly Credits Plenty = Credits.Of(10_000_000);

    public static async Task<Customer> OpenAsync(BenchmarkStorage storage, bool withKey = false) => (await OpenAsync(storage, 1, withKey))[0];

    public static async Task<ImmutableArray<Customer>> OpenAsync(BenchmarkStorage storage, int count, bool withKeys = false)
    {
        var customers = new Customer[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (index, _) =>
            customers[index] = await OpenOneAsync(storage, withKeys, index));
        return [.. customers];
    }

    private static async Task<Customer> OpenOneAsync(BenchmarkStorage storage, bool withKey, int index)
    {
        // As if they had come one after the other: their renewals are not all due within the same hour.
        var clock = new StandingClock(DateTimeOffset.UtcNow.AddHours(-(index % HoursSpread)));
        var workspaceId = ShardMap.One.NewWorkspaceId(RandomNumberGenerator.GetBytes(ShardMap.BytesOfId));
        var command = new OpenWorkspace(workspaceId, Product, "Studio", WorkspaceType.Personal, "enterprise", Plenty);
        if (await new WorkspaceOpener(storage.Ports(clock)).OpenAsync(command, default) is not Outcome<Workspace>.Accepted)
        {
            throw new InvalidOperationException("The account was not opened.");
        }

        return new Customer(workspaceId, withKey ? await NewKeyAsync(storage, workspaceId, clock) : "");
    }

    private static async Task<string> NewKeyAsync(BenchmarkStorage storage, string workspaceId, StandingClock clock)
    {
        var now = Instants.Milliseconds(DateTimeOffset.UtcNow);
        var account = new Account(NewId("acct"), Product, "Ada", "ada@example.com", null, workspaceId, now);
        await new AccountDirectory(storage.Store).AddAsync(account, default);
        var text = ApiKeySecret.New(Product, KeyEnvironment.Production, RandomNumberGenerator.GetBytes(ApiKeySecret.RandomBytes));
        var key = new ApiKey
        {
            Id = text.KeyId,
            Hash = text.Hash,
            Masked = text.Masked,
            Name = "Benchmark",
            Environment = KeyEnvironment.Production,
            AccountId = account.AccountId,
            HomeWorkspaceId = workspaceId,
            Product = Product,
            CreatedAt = now,
            // Noting its first use would be a write that no other request makes.
            LastUsedAt = now,
        };
        await new KeyDirectory(storage.Store, new WorkspaceWriter(storage.Ports(clock)), clock).AddAsync(key, workspaceId, default);
        return text.Reveal();
    }

    private static string NewId(string prefix) => Ids.Random(prefix, RandomNumberGenerator.GetBytes(10));
}
