using System.Text.Json.Nodes;

namespace Billing.Client;

/// <summary>An account to open.</summary>
/// <param name="Product">Which product it is a customer of.</param>
/// <param name="Name">For people.</param>
/// <param name="Email">Where it is written to.</param>
public sealed record NewAccount(string Product, string Name, string Email)
{
    /// <summary>The seller's own id of it.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Null for the product's default.</summary>
    public string? Plan { get; init; }

    /// <summary>Credits a month, of a plan where they are chosen.</summary>
    public decimal? Credits { get; init; }

    internal JsonObject ToBody() => new JsonObject { ["product"] = Product, ["name"] = Name, ["email"] = Email }
        .With("external_id", ExternalId).With("plan", Plan).With("credits", Credits);
}

/// <summary>What is to be said about an account from now on; what is null stays.</summary>
public sealed record AccountChange
{
    /// <summary>For people.</summary>
    public string? Name { get; init; }

    /// <summary>Where it is written to.</summary>
    public string? Email { get; init; }

    /// <summary>The seller's own id of it.</summary>
    public string? ExternalId { get; init; }

    internal JsonObject ToBody() => new JsonObject().With("name", Name).With("email", Email).With("external_id", ExternalId);
}

/// <summary>News of a payment.</summary>
/// <param name="Status"><c>failed | pending | succeeded</c></param>
/// <param name="Reference">The seller's name for the payment.</param>
public sealed record PaymentReport(string Status, string Reference)
{
    /// <summary>When it happened; null for now.</summary>
    public DateTimeOffset? OccurredAt { get; init; }

    /// <summary>What was paid.</summary>
    public Money? Paid { get; init; }

    internal JsonObject ToBody() => new JsonObject { ["status"] = Status, ["reference"] = Reference }.With("occurred_at", OccurredAt).With("paid", Paid);
}

/// <summary>A customer to bring in.</summary>
/// <param name="ExternalId">The seller's own id of it.</param>
/// <param name="Name">For people.</param>
/// <param name="Product">Which product it is a customer of.</param>
public sealed record ImportRow(string ExternalId, string Name, string Product)
{
    /// <summary>Where it is written to.</summary>
    public string? Email { get; init; }

    /// <summary>Its plan; null for the product's default.</summary>
    public string? Plan { get; init; }

    /// <summary>When its subscription started: its anniversary stays.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Credits a month, of a plan where they are chosen; of another plan, what is left of this period's.</summary>
    public decimal? Credits { get; init; }

    /// <summary>What is left of the plan's credits of this period; null for all of them.</summary>
    public decimal? PlanCreditsLeft { get; init; }

    /// <summary>What it has beside the plan.</summary>
    public IReadOnlyList<ImportGrant> Grants { get; init; } = [];

    internal JsonObject ToBody() => new JsonObject { ["external_id"] = ExternalId, ["name"] = Name, ["product"] = Product }
        .With("email", Email).With("plan", Plan).With("started_at", StartedAt).With("credits", Credits).With("plan_credits_left", PlanCreditsLeft)
        .With("grants", Grants.Count == 0 ? null : new JsonArray([.. Grants.Select(grant => grant.ToBody())]));
}

/// <summary>Credits that a customer brings along.</summary>
/// <param name="Credits">How many are left.</param>
/// <param name="ExpiresAt">When they end; null for never.</param>
/// <param name="Paid">What was paid for them; null where they were given.</param>
public sealed record ImportGrant(decimal Credits, DateTimeOffset? ExpiresAt = null, Money? Paid = null)
{
    internal JsonObject ToBody() => new JsonObject { ["credits"] = Credits }.With("expires_at", ExpiresAt).With("paid", Paid);
}
