using System.Security.Cryptography;
using System.Text.Json;
using Billing.Api.Generations;
using Billing.Api.Http;
using Billing.Catalogs;
using Billing.Engine.Committing;
using Billing.Generations;
using Billing.Reading;

namespace Billing.Benchmarks.Admits;

/// <summary>The admission that every measure makes: what a service sends, with an Idempotency-Key.</summary>
internal static class AdmitWork
{
    public static readonly byte[] Body = """{"template_id":"consumerclub-discord-zoomed","resolution":"1080p","duration":30}"""u8.ToArray();
    private static readonly Catalog Catalog = CatalogSet.Shipped[Customers.Product];
    private static readonly Usage Usage = ((Outcome<Usage>.Accepted)Catalog.ParseUsage(ObjectReader.Root(JsonElement.Parse(Body)))).Value;

    /// <summary>As the endpoint makes it, once it has read the request.</summary>
    public static Work<Admitted> New(bool withKey = true)
    {
        var operation = withKey ? OperationKey.Of("POST /api/v1/generations", NewIdempotencyKey(), Body).OfAdmission() : null;
        var key = operation?.AdmissionKey ?? Ids.TimeOrdered(DateTimeOffset.UtcNow, RandomNumberGenerator.GetBytes(5));
        var command = new Admit(key, [new AdmitItem(Usage, Catalog.Price(Usage))]);
        return new Work<Admitted>((unit, catalog) => AdmitDecision.Decide(unit, catalog, command))
        {
            Operation = operation,
            Replay = admission => throw new InvalidOperationException($"{admission.Key} was admitted before."),
            Answer = Reply,
        };
    }

    public static string NewIdempotencyKey() => RandomNumberGenerator.GetHexString(24, lowercase: true);

    /// <summary>Admits and sees that it was accepted.</summary>
    public static async Task AdmitAsync(this WorkspaceWriter writer, string workspaceId, bool withKey = true)
    {
        if (await writer.SubmitAsync(workspaceId, New(withKey)) is not { Outcome: Outcome<Admitted>.Accepted })
        {
            throw new InvalidOperationException("The admission was declined.");
        }
    }

    private static Reply Reply(Admitted admitted) => new(201, ApiJson.Write(
        GenerationView.Of(admitted.Items[0].Generation!, admitted.Admission!, admitted.Workspace.WorkspaceId, admitted.Workspace.Balance)));
}
