using System.Security.Cryptography;
using Npgsql;

namespace Billing.Benchmarks.Rivals.Serving;

/// <summary>One call of one function, on a pooled connection with the statement prepared.</summary>
internal sealed class PostgresAdmits(string connectionString) : IAdmits
{
    private const string TooLow = "P0402";
    private readonly NpgsqlDataSource _source = new NpgsqlSlimDataSourceBuilder(connectionString).EnableArrays().Build();

    public async Task OpenAsync(int workspaces)
    {
        using var script = new StreamReader(typeof(PostgresAdmits).Assembly.GetManifestResourceStream(typeof(PostgresAdmits), "postgres.sql")!);
        await using (var schema = _source.CreateCommand(await script.ReadToEndAsync()))
        {
            await schema.ExecuteNonQueryAsync();
        }

        await using var open = _source.CreateCommand("INSERT INTO workspaces SELECT id, $1, 0 FROM unnest($2) AS id");
        open.Parameters.Add(new NpgsqlParameter<long> { TypedValue = RivalWorkspaces.Balance });
        open.Parameters.Add(new NpgsqlParameter { Value = Enumerable.Range(0, workspaces).Select(RivalWorkspaces.IdOf).ToArray() });
        await open.ExecuteNonQueryAsync();
    }

    public async Task<Decision> AdmitAsync(string workspaceId, string idempotencyKey, byte[] body, Order order)
    {
        await using var command = _source.CreateCommand("SELECT outcome, generation, credits_left, admitted_at FROM admit($1, $2, $3, $4, $5, $6, $7, $8)");
        Add(command, workspaceId);
        Add(command, idempotencyKey);
        Add(command, SHA256.HashData(body));
        Add(command, "gen_" + Guid.CreateVersion7().ToString("n"));
        Add(command, order.TemplateId);
        Add(command, order.Resolution);
        Add(command, order.Duration);
        Add(command, order.Cost);
        try
        {
            await using var row = await command.ExecuteReaderAsync();
            await row.ReadAsync();
            return new Decision(VerdictOf(row.GetString(0)), row.GetString(1), row.GetInt64(2), row.GetDateTime(3));
        }
        catch (PostgresException refusal) when (refusal.SqlState == TooLow)
        {
            return new Decision(Verdict.TooLow, "", 0, default);
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static void Add<T>(NpgsqlCommand command, T value) => command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });

    private static Verdict VerdictOf(string outcome) => outcome switch
    {
        "admitted" => Verdict.Admitted,
        "repeated" => Verdict.Repeated,
        _ => Verdict.KeyReused,
    };
}
