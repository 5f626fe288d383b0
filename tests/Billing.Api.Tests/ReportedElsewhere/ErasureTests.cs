using System.Collections.Immutable;
using Billing.Api.Tests.Worlds;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Workspaces;

namespace Billing.Api.Tests.ReportedElsewhere;

/// <summary>What a person wrote can go, and the books stay whole.</summary>
public sealed class ErasureTests
{
    // Anonymizing changed what the hashes were taken over: every erased customer failed the audit from then on, and copies of the name stayed in other fields.
    [Fact]
    public async Task Whatever_people_wrote_can_be_erased_and_the_audit_stays_valid()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bluma", "starter");
        var planted = await PlantAsync(customer);
        var store = world.OpenLedger();
        var partition = new Partition(Table.Ledger, customer.WorkspaceId);
        var rows = (await store.ListAsync(partition, new KeyRange("", "~"), 1_000, default)).Rows;
        Assert.All(planted, one => Assert.Contains(rows, row => Text(row).Contains(one, StringComparison.Ordinal)));

        Assert.DoesNotContain(rows, row => Text(row).Contains("planted-key", StringComparison.Ordinal));

        // In the ledger the words stand apart, each with a commitment in their place; anywhere else nothing is chained.
        foreach (var row in rows)
        {
            var erased = row.Key.StartsWith(LedgerPage.Prefix, StringComparison.Ordinal)
                ? Erased(row)
                : row with { Data = planted.Aggregate(Text(row), (text, one) => text.Replace(one, "x", StringComparison.Ordinal)) };
            Assert.DoesNotContain(planted, one => Text(erased).Contains(one, StringComparison.Ordinal));
            Assert.IsType<CommitResult.Committed>(await store.CommitAsync(partition, [new RowWrite(WriteKind.Put, erased with { ETag = null })], default));
        }

        await customer.AuditAsync();
        var history = (await customer.HistoryAsync()).Body;
        Assert.DoesNotContain(planted, one => history.Contains(one, StringComparison.Ordinal));
        Assert.Contains("Top-up reversed", history, StringComparison.Ordinal);
    }

    /// <summary>Writes something of its own wherever somebody may write.</summary>
    private static async Task<ImmutableArray<string>> PlantAsync(Customer customer)
    {
        var admitted = await customer.AdmitAsync(Json.Of(new { template_id = "product-showcase", description = "planted-1", metadata = new Dictionary<string, string> { ["planted-2"] = "planted-3" } }), "planted-key");
        await customer.CompleteAsync(admitted);
        var request = Json.Of(new { generation_id = admitted.Text("id"), reason = "quality_issue", note = "planted-4" });
        (await customer.Own.PostAsync("refunds", request)).Is(202);
        (await customer.Service.PostAsync("generations/batch", Json.Of(new { mode = "best_effort", items = new[] { new { template_id = "product-showcase", description = "planted-5" } } }))).Is(201);
        await customer.AdminAsync(HttpMethod.Post, "grants", new { credits = 5, reason = "planted-6" }, 201);
        await customer.AdminAsync(HttpMethod.Post, "adjustments", new { credits = -2, reason = "planted-7" }, 201);
        var topUp = (await customer.TopUpAsync(50)).Text("id");
        await customer.AdminAsync(HttpMethod.Post, $"top-ups/{topUp}/reverse", new { reason = "planted-8", credits = 10, reference = "re_1" });
        await customer.AdminAsync(HttpMethod.Post, $"top-ups/{topUp}/reinstate", new { reference = "re_1" });
        return [.. Enumerable.Range(1, 8).Select(number => $"planted-{number}")];
    }

    private static Row Erased(Row row)
    {
        var page = (LedgerPage)RowJson.ToRecord(row);
        return RowJson.ToRow(page with { Entries = [.. page.Entries.Select(entry => entry with { Written = entry.Written?.Erase() })] });
    }

    private static string Text(Row row) => row.Data.ToString();
}
