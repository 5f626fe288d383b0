using System.Security.Cryptography;
using System.Text.Json;
using Billing.Catalogs;
using Billing.Engine.Committing;
using Billing.Generations;
using Billing.Reading;
using Billing.Subscriptions;
using Billing.Workspaces;

namespace Billing.Storage.Tests;

/// <summary>What an admit asks of storage, counted where requests leave the process: in the HTTP pipeline.</summary>
public sealed class RoundTripTests
{
    private static readonly Usage OneImage = ((Outcome<Usage>.Accepted)CatalogSet.Shipped["bloom"].ParseUsage(
        ObjectReader.Root(JsonElement.Parse("""{"size": "2K"}""")))).Value;

    [Fact]
    public async Task A_warm_admit_alone_is_one_request()
    {
        using var clients = await TestStorage.ThroughAsync();
        var (writer, workspaceId) = await OpenAsync(clients);
        await AdmitAsync(writer, workspaceId);
        var before = clients.Meters[0].Snapshot();

        await AdmitAsync(writer, workspaceId);

        Assert.Equal(new StorageRequests(Reads: 0, Commits: 1, QueueOperations: 0, Others: 0), clients.Meters[0].Snapshot() - before);
    }

    [Fact]
    public async Task With_64_in_flight_an_admit_is_less_than_a_fifth_of_a_request()
    {
        using var clients = await TestStorage.ThroughAsync();
        var (writer, workspaceId) = await OpenAsync(clients);
        await AdmitAsync(writer, workspaceId);
        var before = clients.Meters[0].Snapshot();

        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => AdmitManyAsync(writer, workspaceId, 8)));

        var requests = (clients.Meters[0].Snapshot() - before).Total;
        Assert.True(requests < 64 * 8 / 5, $"{requests} requests for {64 * 8} admits");
    }

    private static async Task<(WorkspaceWriter Writer, string WorkspaceId)> OpenAsync(StorageClients clients)
    {
        await TestStorage.Clients;
        var ports = new WriterPorts(
            new TableStore(clients), new MessageQueue(clients), CatalogSet.Shipped, TimeProvider.System, attempt => Task.Delay(5 * attempt));
        var workspaceId = ShardMap.One.NewWorkspaceId(RandomNumberGenerator.GetBytes(ShardMap.BytesOfId));
        await new WorkspaceOpener(ports).OpenAsync(new OpenWorkspace(workspaceId, "bloom", "Round trips", WorkspaceType.Personal, "scale", Credits.Of(2_000)), default);
        return (new WorkspaceWriter(ports), workspaceId);
    }

    private static async Task AdmitManyAsync(WorkspaceWriter writer, string workspaceId, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await AdmitAsync(writer, workspaceId);
        }
    }

    private static async Task AdmitAsync(WorkspaceWriter writer, string workspaceId)
    {
        var key = Ids.TimeOrdered(DateTimeOffset.UtcNow, RandomNumberGenerator.GetBytes(5));
        var command = new Admit(key, [new AdmitItem(OneImage, CatalogSet.Shipped["bloom"].Price(OneImage))]);
        var done = await writer.SubmitAsync(workspaceId, new Work<Admitted>((unit, catalog) => AdmitDecision.Decide(unit, catalog, command))
        {
            Operation = OperationKey.Of("POST /api/v1/generations", key, []),
            Answer = admitted => new Reply(201, admitted.Items[0].Generation!.Id),
            Rate = new RateHit("key_roundtrips", new RateLimits.RateLimit(10_000, 60, RateLimits.RateLimitKind.Sliding)),
        });
        Assert.IsType<Outcome<Admitted>.Accepted>(done!.Outcome);
    }
}
