using System.IO.Compression;
using System.Text;
using Billing.Api.Tests.Webhooks;
using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Hosting;

/// <summary>With the connection string of an Application Insights a Host sends there what it tells.</summary>
public sealed class AzureMonitorTests
{
    [Fact]
    public async Task Metrics_traces_and_logs_reach_the_Application_Insights_that_the_setting_names_beside_a_collector()
    {
        await using var insights = new Receiver(Receiver.Says(200, """{"itemsReceived": 1, "itemsAccepted": 1, "errors": []}"""));
        await using var collector = new Receiver();
        await using var world = await World.StartAsync(settings: new Dictionary<string, string>
        {
            ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = $"InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=http://127.0.0.1:{insights.Port}/",
            ["APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL"] = "true",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{collector.Port}",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        });
        var customer = await world.CustomerAsync("bloom");
        await customer.AdmitAsync(Requests.Small);
        (await world.Operator.PostAsync("admin/jobs/renewals")).Is(200);

        await world.Hosts[0].StopAsync();

        var sent = string.Concat(insights.Arrivals.Select(Text));
        Assert.All(["billing.admits", "billing.commit.duration", "run job", "renewals: 0 due, 0 sent"], word => Assert.Contains(word, sent, StringComparison.Ordinal));
        Assert.DoesNotContain(customer.Key, sent, StringComparison.Ordinal);
        Assert.Contains(collector.Arrivals, arrival => arrival.Line.Contains("/v1/metrics", StringComparison.Ordinal));
    }

    private static string Text(Arrival arrival)
    {
        using var unzipped = new GZipStream(new MemoryStream(arrival.Body), CompressionMode.Decompress);
        using var reader = new StreamReader(arrival.Headers.ContainsKey("Content-Encoding") ? unzipped : new MemoryStream(arrival.Body), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
