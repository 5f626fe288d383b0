using Billing.Benchmarks.Admits;
using Billing.Benchmarks.Rivals.Serving;
using Npgsql;

namespace Billing.Benchmarks.Rivals;

/// <summary>Sees after a turn that PostgreSQL has done what it was measured for, and that it refuses what it should: no test can where it is not installed.</summary>
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
        await SeeAddedUpAsync(source);
        await using var admits = new PostgresAdmits(connectionString);
        await SeeRefusedAsync(source, admits);
    }

    private static async Task SeeAddedUpAsync(NpgsqlDataSource source)
    {
        await using var look = source.CreateCommand(Wrong);
        look.Parameters.Add(new NpgsqlParameter<long> { TypedValue = RivalWorkspaces.Balance });
        if (await look.ExecuteScalarAsync() is not false)
        {
            throw new InvalidOperationException("PostgreSQL's balances, ledger, generations and operations do not fit together.");
        }
    }

    private static async Task SeeRefusedAsync(NpgsqlDataSource source, PostgresAdmits admits)
    {
        const string Key = "a-key-that-is-refused-first";
        var order = Order.Parse(AdmitWork.Body)!;
        var workspaceId = RivalWorkspaces.IdOf(0);
        await SetBalanceAsync(source, workspaceId, order.Cost - 1);
        var poor = await admits.AdmitAsync(workspaceId, Key, AdmitWork.Body, order);

        // A refusal keeps nothing, the key neither.
        await SetBalanceAsync(source, workspaceId, order.Cost);
        var exact = await admits.AdmitAsync(workspaceId, Key, AdmitWork.Body, order);
        var again = await admits.AdmitAsync(workspaceId, Key, AdmitWork.Body, order);
        var other = await admits.AdmitAsync(workspaceId, Key, "{}"u8.ToArray(), order);
        var verdicts = new[] { poor.Verdict, exact.Verdict, again.Verdict, other.Verdict };
        if (!verdicts.SequenceEqual([Verdict.TooLow, Verdict.Admitted, Verdict.Repeated, Verdict.KeyReused]) || exact.Left != 0 || again != exact with { Verdict = Verdict.Repeated })
        {
            throw new InvalidOperationException($"PostgreSQL decides otherwise than it should: {poor}, {exact}, {again}, {other}.");
        }
    }

    private static async Task SetBalanceAsync(NpgsqlDataSource source, string workspaceId, long balance)
    {
        await using var set = source.CreateCommand("UPDATE workspaces SET balance = $1 WHERE id = $2");
        set.Parameters.Add(new NpgsqlParameter<long> { TypedValue = balance });
        set.Parameters.Add(new NpgsqlParameter<string> { TypedValue = workspaceId });
        await set.ExecuteNonQueryAsync();
    }
}
