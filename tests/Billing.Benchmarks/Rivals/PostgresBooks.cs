using Billing.Benchmarks.Rivals.Serving;
using Npgsql;

namespace Billing.Benchmarks.Rivals;

/// <summary>Sees after a turn that PostgreSQL has done what it was measured for.</summary>
internal static class PostgresBooks
{
    private const string Wrong = """
        SELECT (SELECT count(*) FROM ledger) = 0
          OR (SELECT count(*) FROM ledger) <> (SELECT count(*) FROM operations)
          OR (SELECT count(*) FROM ledger) <> (SELECT count(*) FROM generations)
          OR EXISTS (
            SELECT FROM workspaces LEFT JOIN (SELECT workspace_id, sum(credits) AS credits, count(*) AS entries FROM ledger GROUP BY workspace_id) written ON workspace_id = id
            WHERE workspaces.balance <> $1 + coalesce(written.credits, 0) OR workspaces.entries <> coalesce(written.entries, 0))
        """;

    public static async Task CheckAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var look = source.CreateCommand(Wrong);
        look.Parameters.Add(new NpgsqlParameter<long> { TypedValue = RivalWorkspaces.Balance });
        if (await look.ExecuteScalarAsync() is not false)
        {
            throw new InvalidOperationException("PostgreSQL's balances, ledger, generations and operations do not fit together.");
        }
    }
}
