namespace Billing.Client;

/// <summary>Which generations.</summary>
public sealed record GenerationFilter
{
    /// <summary>A workspace that the customer may see; null for its own.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>One of <see cref="GenerationStatus"/>; null for any.</summary>
    public string? Status { get; init; }

    /// <summary>Admitted then or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Admitted before then.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Asked for by this API key.</summary>
    public string? KeyId { get; init; }

    /// <summary>Most of them in a page, 1–200; null for 50.</summary>
    public int? PageSize { get; init; }

    internal RequestPath On(RequestPath path) => path
        .With("workspaceId", WorkspaceId).With("status", Status).With("from", From).With("to", To).With("key_id", KeyId).With("limit", PageSize);
}

/// <summary>Which lines of the ledger.</summary>
public sealed record HistoryFilter
{
    /// <summary>A workspace that the customer may see; null for its own.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary><c>deduction | refund | purchase | grant | renewal_expiry | overage | adjustment</c>; null for any.</summary>
    public string? Type { get; init; }

    /// <summary>Of then or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Of before then.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Most of them in a page, 1–200; null for 50.</summary>
    public int? PageSize { get; init; }

    internal RequestPath On(RequestPath path) => path
        .With("workspaceId", WorkspaceId).With("type", Type).With("from", From).With("to", To).With("limit", PageSize);
}

/// <summary>Which accounts.</summary>
public sealed record AccountFilter
{
    /// <summary>Customers of this product.</summary>
    public string? Product { get; init; }

    /// <summary>On this plan.</summary>
    public string? Plan { get; init; }

    /// <summary>Whose plan stands so: <c>none | active | paused | canceled</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Most of them in a page, 1–200; null for 50.</summary>
    public int? PageSize { get; init; }

    internal RequestPath On(RequestPath path) => path.With("product", Product).With("plan", Plan).With("status", Status).With("limit", PageSize);
}
