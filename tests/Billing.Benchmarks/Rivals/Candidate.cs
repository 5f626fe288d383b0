using System.Collections.Immutable;
using Billing.Benchmarks.Admits;

namespace Billing.Benchmarks.Rivals;

/// <summary>One of those that are compared.</summary>
/// <param name="Name">In the report.</param>
/// <param name="Times">It does so many times as many admits as the others, being through with them sooner.</param>
/// <param name="StartAsync">Starts it over empty storage, with so many workspaces open.</param>
internal sealed record Candidate(string Name, int Times, Func<int, Task<Contender>> StartAsync)
{
    public const string Ours = "Billing.Host";
    public const string Before = "before";
    public const string Postgres = "PostgreSQL";
    public const string PostgresWithoutSync = "PostgreSQL without fsync";
    public const string Plain = "plain";
}

/// <summary>A candidate that runs.</summary>
/// <param name="Server">What answers.</param>
/// <param name="CustomerKeys">Keys of its workspaces, one each.</param>
/// <param name="StorageId">The process that stores, or has started those which do.</param>
/// <param name="EndAsync">Puts away what it stored.</param>
internal sealed record Contender(Server Server, ImmutableArray<string> CustomerKeys, int StorageId, Func<Task> EndAsync) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await EndAsync();
    }
}
