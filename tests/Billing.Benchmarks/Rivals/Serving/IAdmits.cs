namespace Billing.Benchmarks.Rivals.Serving;

/// <summary>How a rival decides and stores.</summary>
internal interface IAdmits : IAsyncDisposable
{
    /// <summary>Makes its tables, with so many workspaces in them.</summary>
    Task OpenAsync(int workspaces);

    /// <summary>Charges an order to a workspace. When the answer is there, it is stored.</summary>
    Task<Decision> AdmitAsync(string workspaceId, string idempotencyKey, byte[] body, Order order);
}

internal enum Verdict
{
    Admitted,
    Repeated,
    TooLow,
    KeyReused,
}

/// <summary>What became of an order.</summary>
/// <param name="Verdict">Whether it may run.</param>
/// <param name="GenerationId">Its id, where it may.</param>
/// <param name="Left">What the workspace has left, in thousandths of a credit.</param>
/// <param name="At">When it was admitted.</param>
internal sealed record Decision(Verdict Verdict, string GenerationId, long Left, DateTimeOffset At);
