using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Billing.Accounts;
using Billing.Catalogs;
using Billing.Generations;

namespace Billing.Benchmarks.Sweeps;

/// <summary>A workspace as its past would have left it: decided by the rules, not yet stored.</summary>
/// <param name="Account">Its account.</param>
/// <param name="Records">The rows beside it.</param>
/// <param name="At">When it was last decided on.</param>
internal sealed record SeededAccount(Account Account, ImmutableArray<Record> Records, DateTimeOffset At)
{
    public const long OverageUnits = 3;
    private const string Product = "bluma";
    private const int Affordable = 10;
    private static readonly Catalog Catalog = CatalogSet.Shipped[Product];

    // 5 (base) × 2 (ai): ten of them use up a starter plan's 100 credits.
    private static readonly Usage TenCredits = Catalog.ParseUsage(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>("""{"template_id":"news-anchor"}""")!).Usage!;

    /// <summary>On a paid plan since an instant, a month before its renewal.</summary>
    public static SeededAccount Subscribed(DateTimeOffset since)
    {
        var draft = Create(since);
        return new SeededAccount(draft.Account, [.. draft.Written.Values.OfType<Record>()], since);
    }

    /// <summary>One that used up its credits later on and then three units of overage, all of them delivered.</summary>
    public static SeededAccount OnOverage(DateTimeOffset since, DateTimeOffset usedAt)
    {
        var created = Create(since);
        var draft = new Draft(created.Account, usedAt);
        var wanted = Enumerable.Repeat(new Wanted(TenCredits, Catalog.Price(TenCredits)), Affordable + (int)OverageUnits);
        var key = Ids.TimeOrdered(usedAt, RandomNumberGenerator.GetBytes(5));
        if (AdmitDecision.Decide(draft, Catalog, new Admit(key, [.. wanted]) { Batch = true }) is not Outcome<Admitted>.Accepted { Value: var admitted })
        {
            throw new InvalidOperationException("The batch was declined.");
        }

        foreach (var generation in admitted.Admission!.Generations)
        {
            SettleDecisions.Complete(draft, new Complete(generation.Id, null));
        }

        // The expirations job came by since: nothing runs.
        return new SeededAccount(draft.Account with { NextExpiryAt = null }, [.. created.Written.Concat(draft.Written).Select(row => row.Value).OfType<Record>()], usedAt);
    }

    private static Draft Create(DateTimeOffset since)
    {
        var workspaceId = Ids.Random("ws", RandomNumberGenerator.GetBytes(10));
        var command = new CreateAccount(workspaceId, Product, "Studio", WorkspaceType.Team, "starter");
        return AccountDecisions.Create(command, Catalog, since) is Outcome<Draft>.Accepted { Value: var draft }
            ? draft
            : throw new InvalidOperationException("The account was declined.");
    }
}
