using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Billing.Catalogs;
using Billing.Generations;
using Billing.Reading;
using Billing.Subscriptions;
using Billing.Workspaces;

namespace Billing.Benchmarks.Sweeps;

/// <summary>A workspace as its past would have left it: decided by the rules, not yet stored.</summary>
/// <param name="Account">Its account.</param>
/// <param name="Records">The rows beside it.</param>
/// <param name="At">When it was last decided on.</param>
internal sealed record SeededWorkspace(Workspace Account, ImmutableArray<Record> Records, DateTimeOffset At)
{
    public const long OverageUnits = 3;
    private const string Product = "bluma";
    private const int Affordable = 10;
    private static readonly Catalog Catalog = CatalogSet.Shipped[Product];

    // 5 (base) × 2 (ai): ten of them use up a starter plan's 100 credits.
    private static readonly Usage TenCredits = ((Outcome<Usage>.Accepted)Catalog.ParseUsage(ObjectReader.Root(JsonElement.Parse("""{"template_id":"news-anchor"}""")))).Value;

    /// <summary>On a paid plan since an instant, a month before its renewal.</summary>
    public static SeededWorkspace Subscribed(DateTimeOffset since)
    {
        var unit = Create(since);
        return new SeededWorkspace(unit.Workspace, [.. unit.Records], since);
    }

    /// <summary>One that used up its credits later on and then three units of overage, all of them delivered.</summary>
    public static SeededWorkspace OnOverage(DateTimeOffset since, DateTimeOffset usedAt)
    {
        var created = Create(since);
        var unit = new UnitOfWork(created.Workspace, usedAt);
        var wanted = Enumerable.Repeat(new AdmitItem(TenCredits, Catalog.Price(TenCredits)), Affordable + (int)OverageUnits);
        var key = Ids.TimeOrdered(usedAt, RandomNumberGenerator.GetBytes(5));
        if (AdmitDecision.Decide(unit, Catalog, new Admit(key, [.. wanted]) { Batch = true }) is not Outcome<Admitted>.Accepted { Value: var admitted })
        {
            throw new InvalidOperationException("The batch was declined.");
        }

        foreach (var generation in admitted.Admission!.Generations)
        {
            SettleDecisions.Complete(unit, Catalog, new Complete(generation.Id, null));
        }

        return new SeededWorkspace(unit.Workspace, [.. created.Records.Concat(unit.Records)], usedAt);
    }

    private static UnitOfWork Create(DateTimeOffset since)
    {
        var workspaceId = ShardMap.One.NewWorkspaceId(RandomNumberGenerator.GetBytes(ShardMap.BytesOfId));
        var command = new OpenWorkspace(workspaceId, Product, "Studio", WorkspaceType.Team, "starter");
        return WorkspaceDecisions.Create(command, Catalog, since) is Outcome<UnitOfWork>.Accepted { Value: var unit }
            ? unit
            : throw new InvalidOperationException("The account was declined.");
    }
}
