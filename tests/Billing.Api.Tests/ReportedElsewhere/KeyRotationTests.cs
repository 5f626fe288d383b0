using System.Text.Json;
using Billing.Api.Admin;
using Billing.Api.Balances;
using Billing.Api.Http;
using Billing.Api.Keys;
using Billing.Api.Tests.Telemetry;
using Billing.Engine.Ports;
using Billing.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Api.Tests.ReportedElsewhere;

/// <summary>Keys are rotated over two instances on the same tables.</summary>
public sealed class KeyRotationTests
{
    private static readonly object Hour = new { overlap_seconds = 3_600 };

    // Two rotations at once both read the key as it was, and each gave it a successor.
    [Fact]
    public async Task Of_twenty_rotations_at_once_one_makes_a_key()
    {
        await using var backstage = new Backstage();
        await using var other = Beside(backstage);
        var (session, id, _) = await OpenAsync(backstage);
        var statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => StatusAsync(i % 2 == 0 ? backstage : other, RotateApiKey.Endpoint, session, Hour, id)));
        Assert.Equal((1, 19), (statuses.Count(status => status == 201), statuses.Count(status => status == 409)));
        var keys = await KeysAsync(backstage, session);
        Assert.Equal(2, keys.Count);
        Assert.Equal(keys.Single(key => key.GetProperty("id").GetString() != id).GetProperty("id").GetString(), SuccessorOf(keys, id));
        Assert.Equal(2, Ring(backstage).Keys.Length);
    }

    // The old key was revoked before the new one was made; what failed in between left the customer with none.
    [Fact]
    public async Task Wherever_storage_fails_in_a_rotation_a_key_works_that_the_customer_has()
    {
        for (var fault = 0; fault < 12; fault++)
        {
            await using var backstage = new Backstage();
            var (session, id, key) = await OpenAsync(backstage);
            Assert.Equal(200, await StatusAsync(backstage, GetCredits.Endpoint, key));
            var (commits, failing) = (0, fault);
            backstage.Store.BeforeCommit = (partition, _) => IsOfKeys(partition, backstage) && commits++ >= failing
                ? throw new StorageUnavailableException("Storage is gone.")
                : Task.FromResult<CommitResult?>(null);
            var response = await backstage.SendAsync(RotateApiKey.Endpoint, session, new { }, id);
            backstage.Store.BeforeCommit = null;
            backstage.Get<Callers.KeyCache>().Forget(id);
            var shown = response.TryGetProperty("key", out var made) ? made.GetString()! : key;
            if (shown == key && SuccessorOf(await KeysAsync(backstage, session), id) is { } lost)
            {
                // Its answer alone was lost: the successor is rotated.
                shown = (await backstage.SendAsync(RotateApiKey.Endpoint, session, new { }, lost)).GetProperty("key").GetString()!;
            }

            Assert.Equal(200, await StatusAsync(backstage, GetCredits.Endpoint, shown));
            if (shown == key)
            {
                Assert.Equal(201, await StatusAsync(backstage, RotateApiKey.Endpoint, session, new { }, id));
            }
        }
    }

    // The answer to the last step was lost, the step was tried again, and what it found was taken for another's rotation.
    [Fact]
    public async Task A_rotation_whose_steps_are_stored_without_an_answer_succeeds()
    {
        await using var backstage = new Backstage();
        var (session, id, _) = await OpenAsync(backstage);
        var lost = new HashSet<string>();
        backstage.Store.AfterCommit = (partition, writes, result) =>
            Task.FromResult(lost.Add($"{partition} {writes[^1].Kind} {writes[^1].Row.Key}") ? new CommitResult.Unknown() : result);
        var rotated = await backstage.SendAsync(RotateApiKey.Endpoint, session, Hour, id);
        backstage.Store.AfterCommit = null;
        Assert.Equal(200, await StatusAsync(backstage, GetCredits.Endpoint, rotated.GetProperty("key").GetString()!));
        Assert.Equal(rotated.GetProperty("id").GetString(), SuccessorOf(await KeysAsync(backstage, session), id));
        Assert.Equal(2, Ring(backstage).Keys.Length);
    }

    // A key with an end became one without, and the old one lived past its own end for the length of the overlap.
    [Fact]
    public async Task An_end_is_kept_and_an_overlap_does_not_put_it_off()
    {
        await using var backstage = new Backstage();
        var (session, _, _) = await OpenAsync(backstage);
        var limited = await backstage.SendAsync(CreateApiKey.Endpoint, session, new { name = "Limited", environment = "production", expires_at = "2025-11-01T00:30:00Z" });
        var rotated = await backstage.SendAsync(RotateApiKey.Endpoint, session, Hour, limited.GetProperty("id").GetString());
        Assert.Equal("2025-11-01T00:30:00Z", rotated.GetProperty("expires_at").GetString());
        var keys = (await KeysAsync(backstage, session)).Where(key => key.GetProperty("name").GetString() == "Limited").ToList();
        Assert.Equal(2, keys.Count);
        Assert.All(keys, key => Assert.Equal("2025-11-01T00:30:00Z", key.GetProperty("expires_at").GetString()));
        backstage.MoveTo("2025-11-01T00:30:00Z");
        Assert.Equal(401, await StatusAsync(backstage, GetCredits.Endpoint, limited.GetProperty("key").GetString()!));
        Assert.Equal(401, await StatusAsync(backstage, GetCredits.Endpoint, rotated.GetProperty("key").GetString()!));
    }

    // The new key had the limits of a new key: what support had agreed was lost, and what it had taken away was back.
    [Fact]
    public async Task A_limit_that_an_operator_gave_goes_over_to_the_new_key()
    {
        await using var backstage = new Backstage();
        var (session, id, _) = await OpenAsync(backstage);
        await backstage.OperatorAsync(SetKeyLimit.Endpoint, new { limit = 3 }, id);
        var rotated = await backstage.SendAsync(RotateApiKey.Endpoint, session, new { }, id);
        var answers = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            answers.Add(await StatusAsync(backstage, GetCredits.Endpoint, rotated.GetProperty("key").GetString()!));
        }

        Assert.Equal([200, 200, 200, 429], answers);
    }

    // An expired key was rotated into one that had expired.
    [Fact]
    public async Task A_key_that_has_ended_is_not_rotated()
    {
        await using var backstage = new Backstage();
        var (session, _, _) = await OpenAsync(backstage);
        var limited = (await backstage.SendAsync(CreateApiKey.Endpoint, session, new { name = "Key", environment = "production", expires_at = "2025-11-01T00:30:00Z" })).GetProperty("id").GetString();
        backstage.MoveTo("2025-11-01T00:30:00Z");
        Assert.Equal(404, await StatusAsync(backstage, RotateApiKey.Endpoint, session, Hour, limited));
        Assert.Equal(2, (await KeysAsync(backstage, session)).Count);
    }

    // A key that was remembered as valid was not asked for its end again, and outlived its overlap.
    [Fact]
    public async Task A_key_that_is_in_use_ends_with_its_overlap()
    {
        await using var backstage = new Backstage();
        await using var other = Beside(backstage);
        var (session, id, key) = await OpenAsync(backstage);
        await backstage.SendAsync(RotateApiKey.Endpoint, session, new { overlap_seconds = 10 }, id);
        Assert.Equal(200, await StatusAsync(other, GetCredits.Endpoint, key));
        other.MoveTo("2025-11-01T00:00:09Z");
        Assert.Equal(200, await StatusAsync(other, GetCredits.Endpoint, key));
        other.MoveTo("2025-11-01T00:00:10Z");
        Assert.Equal(401, await StatusAsync(other, GetCredits.Endpoint, key));
    }

    // Who had all the keys that may be could rotate none: the new one was one too many.
    [Fact]
    public async Task With_all_keys_that_may_be_each_can_be_rotated()
    {
        await using var backstage = new Backstage();
        await using var other = Beside(backstage);
        var (session, id, _) = await OpenAsync(backstage);
        var ids = new List<string> { id };
        while (ids.Count < KeyRing.Most)
        {
            ids.Add((await backstage.SendAsync(CreateApiKey.Endpoint, session, new { name = "Key", environment = "production" })).GetProperty("id").GetString()!);
        }

        // A session may do 600 things a minute.
        backstage.MoveTo("2025-11-01T00:01:00Z");
        other.MoveTo("2025-11-01T00:01:00Z");
        var statuses = await Task.WhenAll(ids.Select((one, i) => StatusAsync(i % 2 == 0 ? backstage : other, RotateApiKey.Endpoint, session, Hour, one)));
        Assert.All(statuses, status => Assert.Equal(201, status));
        var successor = (await KeysAsync(backstage, session)).First(key => !key.TryGetProperty("successor_id", out _)).GetProperty("id").GetString();
        Assert.Equal(409, await StatusAsync(backstage, RotateApiKey.Endpoint, session, Hour, successor));
        Assert.Equal(201, await StatusAsync(other, RotateApiKey.Endpoint, session, new { }, successor));
        Assert.Equal(KeyRing.MostWithSuccessors, Ring(backstage).Keys.Count(key => key.WorksAt(DateTimeOffset.Parse("2025-11-01T00:01:00Z", null))));
    }

    private static string? SuccessorOf(IEnumerable<JsonElement> keys, string id) =>
        keys.Single(key => key.GetProperty("id").GetString() == id).TryGetProperty("successor_id", out var successor) ? successor.GetString() : null;

    private static KeyRing Ring(Backstage backstage) =>
        Engine.Rows.RowJson.Read<KeyRing>(backstage.Store.RowsOf(Table.Ledger).Single(found => found.Row.Key == KeyRing.Key).Row.Data);

    private static bool IsOfKeys(Partition partition, Backstage backstage) =>
        partition.Table is Table.Keys or Table.People || (partition.Table == Table.Ledger && backstage.Store.RowsOf(partition).Any(row => row.Key == KeyRing.Key));

    private static Backstage Beside(Backstage backstage) => new(change: services => services.AddSingleton<ITableStore>(backstage.Store));

    private static async Task<(string Session, string KeyId, string Key)> OpenAsync(Backstage backstage)
    {
        var account = await backstage.OperatorAsync(CreateAccountEndpoint.Endpoint, new { product = "bluma", name = "Ada", email = "ada@example.com" });
        var session = (await backstage.OperatorAsync(CreateSession.Endpoint, new { account_id = account.GetProperty("account_id").GetString() })).GetProperty("token").GetString()!;
        var key = await backstage.SendAsync(CreateApiKey.Endpoint, session, new { name = "Key", environment = "production" });
        return (session, key.GetProperty("id").GetString()!, key.GetProperty("key").GetString()!);
    }

    private static async Task<IReadOnlyList<JsonElement>> KeysAsync(Backstage backstage, string session) =>
        [.. (await backstage.SendAsync(ListApiKeys.Endpoint, session)).GetProperty("api_keys").EnumerateArray()];

    private static async Task<int> StatusAsync(Backstage backstage, ApiEndpoint endpoint, string bearer, object? body = null, string? id = null) =>
        (await backstage.AskAsync(endpoint, bearer, body, id)).StatusCode;
}
