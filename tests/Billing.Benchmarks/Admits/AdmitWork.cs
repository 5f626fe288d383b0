using System.Security.Cryptography;
using System.Text.Json;
using Billing.Api.Generations;
using Billing.Api.Http;
using Billing.Catalogs;
using Billing.Generations;
using Billing.Writing;

namespace Billing.Benchmarks.Admits;

/// <summary>The admission that every measure makes: what a service sends, with an Idempotency-Key.</summary>
internal static class AdmitWork
{
    public static readonly byte[] Body = """{"template_id":"consumerclub-discord-zoomed","resolution":"1080p","duration":30}"""u8.ToArray();
    private static readonly Catalog Catalog = CatalogSet.Shipped[Customers.Product];
    private static readonly Usage Usage = Catalog.ParseUsage(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(Body)!).Usage!;

    /// <summary>As the endpoint makes it, once it has read the request.</summary>
    public static Work<Admitted> New(bool withKey = true)
    {
        var key = Ids.TimeOrdered(DateTimeOffset.UtcNow, RandomNumberGenerator.GetBytes(5));
        var command = new Admit(key, [new Wanted(Usage, Catalog.Price(Usage))]);
        return new Work<Admitted>((draft, catalog) => AdmitDecision.Decide(draft, catalog, command))
        {
            Operation = !withKey ? null : OperationKey.Of("POST /api/v1/generations", NewIdempotencyKey(), Body),
            Answer = Reply,
        };
    }

    public static string NewIdempotencyKey() => RandomNumberGenerator.GetHexString(24, lowercase: true);

    /// <summary>Admits and sees that it was accepted.</summary>
    public static async Task AdmitAsync(this AccountWriter writer, string workspaceId, bool withKey = true)
    {
        if (await writer.SubmitAsync(workspaceId, New(withKey)) is not { Outcome: Outcome<Admitted>.Accepted })
        {
            throw new InvalidOperationException("The admission was declined.");
        }
    }

    private static Reply Reply(Admitted admitted) => new(201, ApiJson.Write(
        GenerationView.Of(admitted.Items[0].Generation!, admitted.Admission!, admitted.Account.WorkspaceId, admitted.Account.Balance)));
}
