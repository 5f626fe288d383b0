using System.Text;
using Billing.Api.Tests.Webhooks;
using Billing.Api.Tests.Worlds;
using Billing.Testing;

namespace Billing.Api.Tests.Hosting;

/// <summary>With the usual environment a Host sends what it tells to a collector.</summary>
public sealed class CollectorTests
{
    [Fact]
    public async Task Metrics_traces_and_logs_reach_the_collector_that_the_environment_names()
    {
        await using var collector = new Receiver();
        await using var world = await World.StartAsync(settings: new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{collector.Port}",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
            ["OTEL_SERVICE_NAME"] = "billing-of-ada",
        });
        var customer = await world.CustomerAsync("bloom");
        await customer.AdmitAsync(Requests.Small);
        (await world.Operator.PostAsync("admin/jobs/renewals")).Is(200);

        await SeesAsync(collector, "/v1/metrics", "billing.admits", "billing.commit.duration", "billing.storage.requests", "billing-of-ada");
        await SeesAsync(collector, "/v1/traces", "commit", "run job", customer.WorkspaceId, "billing-of-ada");
        await SeesAsync(collector, "/v1/logs", "renewals: 0 due, 0 sent", "billing-of-ada");
        Assert.DoesNotContain(customer.Key, string.Concat(collector.Arrivals.Select(arrival => Encoding.UTF8.GetString(arrival.Body))), StringComparison.Ordinal);
    }

    private static Task SeesAsync(Receiver collector, string path, params string[] words) => Eventually.SeeAsync(
        () => Task.FromResult(string.Concat(collector.Arrivals.Where(arrival => arrival.Line.Contains(path, StringComparison.Ordinal)).Select(arrival => Encoding.UTF8.GetString(arrival.Body)))),
        sent => words.All(word => sent.Contains(word, StringComparison.Ordinal)));
}
