using System.Globalization;
using System.Security.Cryptography;
using Billing.Benchmarks.Admits;
using Billing.Benchmarks.Rivals.Serving;
using Billing.Testing;

namespace Billing.Benchmarks.Rivals;

/// <summary>What a team would build instead, each behind the same small service: this program, called with <c>serve</c>.</summary>
internal static class ServedCandidates
{
    // As many as keep two cores and the log busy; more would only queue inside PostgreSQL for the lock of a hot row.
    private const int Connections = 32;

    public static async Task<Contender> PostgresAsync(PostgresInstallation installation, bool fsync, int workspaces)
    {
        var postgres = await PostgresServer.StartAsync(installation, fsync);
        var connection = new Npgsql.NpgsqlConnectionStringBuilder(postgres.ConnectionString)
        {
            MaxPoolSize = Connections,
            MaxAutoPrepare = 4,
            AutoPrepareMinUsages = 1,
            NoResetOnClose = true,
        };
        return await StartAsync(RivalService.Postgres, connection.ConnectionString, "", workspaces, postgres.ProcessId, () => EndAsync(postgres));
    }

    public static Task<Contender> PlainAsync(Azurite azurite, int workspaces)
    {
        var table = "p" + RandomNumberGenerator.GetHexString(8, lowercase: true);
        return StartAsync(RivalService.Plain, azurite.ConnectionString, table, workspaces, azurite.ProcessId, () => BenchmarkStorage.DropAsync(azurite.ConnectionString, table));
    }

    private static async Task EndAsync(PostgresServer postgres)
    {
        await using (postgres)
        {
            await PostgresBooks.CheckAsync(postgres.ConnectionString);
        }
    }

    private static async Task<Contender> StartAsync(string rival, string storage, string table, int workspaces, int storageId, Func<Task> endAsync)
    {
        var server = await Server.StartAsync(typeof(RivalService).Assembly.Location, [RivalService.Command, rival], new Dictionary<string, string>
        {
            [RivalService.StorageVariable] = storage,
            [RivalService.TableVariable] = table,
            [RivalService.WorkspacesVariable] = workspaces.ToString(CultureInfo.InvariantCulture),
            [RivalService.ServiceKeyVariable] = Server.ServiceKey,
        });
        return new Contender(server, [.. Enumerable.Range(0, workspaces).Select(RivalWorkspaces.KeyOf)], storageId, endAsync);
    }
}
