#:property PublishAot=false
#:project ../tests/Billing.Testing/Billing.Testing.csproj

// dotnet run infra/dev.cs: starts storage and the API, makes a demo workspace per product and prints what to paste. Ctrl+C ends it all.

using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Billing.Testing;

const string Project = "src/Billing.Host";
const int FirstStoragePort = 10000; // UseDevelopmentStorage=true means this one and the next two
var address = new Uri("http://localhost:7071/");
var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, Project, "appsettings.Development.json")))!["Billing"]!;
var (serviceKey, operatorKey) = ((string)settings["ServiceKeys"]![0]!, (string)settings["OperatorKeys"]![0]!);
var artifacts = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts")).FullName;
using var client = new HttpClient { BaseAddress = new Uri(address, "api/v1/") };

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
try
{
    await RunAsync();
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}
catch (Exception failure) when (failure is InvalidOperationException or HttpRequestException)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

async Task RunAsync()
{
    if (Answers(address.Port))
    {
        throw new InvalidOperationException($"Something answers on {address} already. End it first.");
    }

    var starting = StartStorageAsync(); // meanwhile the Host builds
    await DotnetAsync("build", Project, "-v:q", "-nologo");
    await using var azurite = await starting;
    var host = DotnetAsync("run", "--no-build", "--project", Project);
    try
    {
        await await Task.WhenAny(host, SeedAsync());
        await host;
    }
    finally
    {
        await stop.CancelAsync();
        await host.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

async Task<Azurite?> StartStorageAsync() =>
    Answers(FirstStoragePort) ? null : await Azurite.StartAsync(Path.Combine(artifacts, "azurite"), FirstStoragePort, stop.Token);

bool Answers(int port)
{
    using var connection = new TcpClient();
    try
    {
        connection.Connect("127.0.0.1", port);
        return true;
    }
    catch (SocketException)
    {
        return false;
    }
}

async Task DotnetAsync(params string[] arguments)
{
    using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Repository.Root })!;
    try
    {
        await process.WaitForExitAsync(stop.Token);
    }
    finally
    {
        // Ctrl+C in a terminal reached it as well: let it finish what it answers.
        if (!process.WaitForExit(TimeSpan.FromSeconds(3)))
        {
            process.Kill(entireProcessTree: true);
        }
    }

    if (process.ExitCode != 0)
    {
        throw new InvalidOperationException($"`dotnet {string.Join(' ', arguments)}` ended with {process.ExitCode}.");
    }
}

async Task SeedAsync()
{
    while (!await IsHealthyAsync())
    {
        await Task.Delay(200, stop.Token);
    }

    // A key is shown once, so those of the last run are kept for as long as they work.
    var file = Path.Combine(artifacts, "demo.json");
    var keys = File.Exists(file) ? JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsObject() : [];
    var accounts = (await GetAsync(operatorKey, "admin/accounts?external_id=demo"))!["accounts"]!.AsArray().ToDictionary(one => (string)one!["product"]!, one => (string)one!["account_id"]!);
    foreach (var (product, plan) in new[] { ("bloom", "plus"), ("bluma", "starter"), ("gleam", "pro") })
    {
        if (!accounts.TryGetValue(product, out var account))
        {
            accounts[product] = account = await PostAsync("account_id", operatorKey, "admin/accounts",
                new() { ["product"] = product, ["plan"] = plan, ["name"] = $"Demo {product}", ["email"] = $"demo@{product}.example", ["external_id"] = "demo" });
        }

        if ((string?)keys[product] is not { } key || await GetAsync(key, "credits") is null)
        {
            keys[product] = await PostAsync("key", await SessionAsync(account), "api-keys", new() { ["name"] = "Demo", ["environment"] = "production" });
        }
    }

    await File.WriteAllTextAsync(file, keys.ToJsonString());
    var bloom = (string)keys["bloom"]!;
    var balance = (await GetAsync(bloom, "credits"))!;

    // Double quotes only: the curl lines work when pasted into a Windows prompt, too.
    Console.WriteLine($$"""

        Start page       {{address}}
        Dashboard        {{address}}dashboard
        Operator         {{address}}operator
        API reference    {{address}}reference
        Service key      {{serviceKey}}
        Operator key     {{operatorKey}}
        Customer keys    {{string.Join("\n                 ", keys.Select(key => $"{key.Key}  {key.Value}"))}}

        The documents' variables, for a shell like bash ({{balance["credits"]}} credits are left):

        export SERVICE_KEY={{serviceKey}} OPERATOR_KEY={{operatorKey}} CUSTOMER_KEY={{bloom}}
        export SESSION_TOKEN={{await SessionAsync(accounts["bloom"])}} ACCOUNT={{accounts["bloom"]}} WORKSPACE={{balance["workspace_id"]}}

        Admit a generation, read the balance, read the history:

        curl -s {{client.BaseAddress}}generations -H "Authorization: Bearer {{serviceKey}}" -H "X-Api-Key: {{bloom}}" -H "Content-Type: application/json" -d "{\"size\":\"4K\"}"
        curl -s {{client.BaseAddress}}credits -H "Authorization: Bearer {{bloom}}"
        curl -s {{client.BaseAddress}}credits/history -H "Authorization: Bearer {{bloom}}"

        """);
}

async Task<bool> IsHealthyAsync()
{
    try
    {
        using var response = await client.GetAsync(new Uri(address, "health"), stop.Token);
        return response.IsSuccessStatusCode;
    }
    catch (HttpRequestException)
    {
        return false; // it does not listen yet
    }
}

Task<string> SessionAsync(string account) => PostAsync("token", operatorKey, "admin/sessions", new() { ["account_id"] = account });

async Task<JsonNode?> GetAsync(string credential, string path)
{
    using var response = await SendAsync(HttpMethod.Get, credential, path, null);
    return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonNode>(stop.Token) : null;
}

async Task<string> PostAsync(string wanted, string credential, string path, JsonObject body)
{
    using var response = await SendAsync(HttpMethod.Post, credential, path, body);
    var text = await response.Content.ReadAsStringAsync(stop.Token);
    return response.IsSuccessStatusCode ? (string)JsonNode.Parse(text)![wanted]! : throw new InvalidOperationException($"POST {path} answered {(int)response.StatusCode}: {text}");
}

async Task<HttpResponseMessage> SendAsync(HttpMethod method, string credential, string path, JsonObject? body)
{
    using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
    return await client.SendAsync(request, stop.Token);
}
