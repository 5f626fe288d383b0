using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.FunctionsHost;
using Billing.FunctionsHost.Protocol;
using Billing.Storage;
using Billing.Testing;

namespace Billing.Functions.Tests;

/// <summary>The built worker as a process of its own, spoken to as the Functions host would: what only it shows is that all of it works together.</summary>
public sealed class WorkerProcessTests(WorkerProcessTests.Running running) : IClassFixture<WorkerProcessTests.Running>
{
    [Fact]
    public async Task An_admit_is_answered()
    {
        using var http = running.Worker.Connect(1);
        var account = await SendAsync(http, TestApp.OperatorKey, "admin/accounts", new() { ["product"] = "bluma", ["name"] = "Ada", ["email"] = "ada@example.com", ["plan"] = "enterprise", ["credits"] = 10_000 });
        var session = await SendAsync(http, TestApp.OperatorKey, "admin/sessions", new() { ["account_id"] = (string)account["account_id"]! });
        var key = await SendAsync(http, (string)session["token"]!, "api-keys", new() { ["name"] = "Test", ["environment"] = "production" });

        var generation = await SendAsync(http, TestApp.ServiceKey, "generations", new() { ["template_id"] = "consumerclub-discord-zoomed", ["resolution"] = "1080p", ["duration"] = 30 }, (string)key["key"]!);

        Assert.StartsWith("gen_", (string)generation["id"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_leads_nowhere_is_answered_like_everywhere()
    {
        using var http = running.Worker.Connect(1);

        using var response = await http.GetAsync(new Uri("nowhere", UriKind.Relative));

        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task The_root_is_the_landing_page()
    {
        using var http = running.Worker.Connect(1);

        using var response = await http.GetAsync(new Uri("/", UriKind.Relative));

        Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Contains("/dashboard", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timer_runs_its_job()
    {
        await running.Worker.InvokeAsync("RenewalsTimer", "timer", new TypedData { Json = """{"IsPastDue": true}""" }, new Dictionary<string, string>());

        var lines = await Eventually.SeeAsync(
            () => Task.FromResult(running.Worker.Log.Select(line => line.Message).ToList()),
            lines => lines.Contains($"{Queues.Renewals}: 0 due, 0 sent"));
        Assert.Contains($"{Queues.Renewals} runs late", lines);
    }

    [Fact]
    public async Task A_message_reaches_its_consumer_and_one_that_it_cannot_read_is_put_aside()
    {
        var text = Convert.ToBase64String(Encoding.UTF8.GetBytes("nonsense"));
        await running.Worker.InvokeAsync("RefundsQueue", "message", new TypedData { String = text }, new Dictionary<string, string> { ["Id"] = "m1", ["DequeueCount"] = "1" });

        using var clients = new StorageClients(new StorageOptions { ConnectionString = running.Storage });
        Assert.Equal(1, await new QueueReceiver(clients).ApproximateCountAsync(new ShardQueue(0, Queues.Refunds + Queues.PoisonSuffix), default));
    }

    [Fact]
    public async Task What_a_function_cannot_do_the_host_is_told()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            running.Worker.InvokeAsync("RenewalsTimer", "timer", new TypedData { Json = "nonsense" }, new Dictionary<string, string>()));

        Assert.Contains("timer", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<JsonNode> SendAsync(HttpClient http, string credential, string path, JsonObject body, string? customerKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/{path}") { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        if (customerKey is not null)
        {
            request.Headers.Add("X-Api-Key", customerKey);
            request.Headers.Add("Idempotency-Key", "first");
        }

        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Created, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>One for all of them, over storage of its own: queues of Functions have no prefix that could keep tests apart.</summary>
    public sealed class Running : IAsyncLifetime
    {
        private Azurite _azurite = null!;

        public WorkerProcess Worker { get; private set; } = null!;

        public string Storage => _azurite.ConnectionString;

        public async Task InitializeAsync()
        {
            _azurite = await Azurite.StartAsync();
            Worker = await WorkerProcess.StartAsync(AppContext.BaseDirectory, new Dictionary<string, string>
            {
                ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development",
                ["AzureWebJobsStorage"] = Storage,
                ["Billing__ServiceKeys__0"] = TestApp.ServiceKey,
                ["Billing__OperatorKeys__0"] = TestApp.OperatorKey,
                ["Billing__SigningKeys__0"] = "0123456789abcdef0123456789abcdef",
            });
        }

        public async Task DisposeAsync()
        {
            await Worker.DisposeAsync();
            await _azurite.DisposeAsync();
        }
    }
}
