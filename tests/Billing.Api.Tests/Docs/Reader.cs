using System.Diagnostics;
using System.Globalization;
using Billing.Api.Tests.Worlds;
using Billing.Engine.Due;
using Billing.Testing;
using Billing.Testing.OpenApi;

namespace Billing.Api.Tests.Docs;

/// <summary>Who reads one document from top to bottom and does what it says, as the customer that `infra/dev.cs` makes for bloom.</summary>
internal sealed class Reader(World world, Customer customer)
{
    private const string Address = "http://localhost:7071";
    private const string Generation = "gen_…";
    private const string Told = "\n%{http_code}\n%{content_type}\n%{method}\n%{url_effective}";
    private readonly Dictionary<string, string> _taken = [];
    private string? _running;

    public Customer Customer => customer;

    /// <summary>What the last call answered.</summary>
    public Answer? Last { get; private set; }

    public static async Task<Reader> SitDownAsync(World world) => new(world, await world.CustomerAsync("bloom", "plus"));

    /// <summary>Makes a call of the API as it is written, with keys and ids put in. It must succeed, and answer as the OpenAPI document says.</summary>
    public async Task CallAsync(FencedBlock block, string command)
    {
        Assert.True(command.Contains(Address, StringComparison.Ordinal), $"{block} should call {Address}: {command}");
        var line = command.Replace(Address, world.Hosts[0].Address.ToString().TrimEnd('/'), StringComparison.Ordinal);
        while (line.Contains(Generation, StringComparison.Ordinal))
        {
            line = line.Replace(Generation, await TakeRunningAsync(), StringComparison.Ordinal);
        }

        Last = await RunAsync(block, line);
        Assert.True(Last.Status is >= 200 and < 300, $"{block}: {Last}");
        _running = Last.Body.Contains("\"status\":\"running\"", StringComparison.Ordinal) && Last.Root.TryGetProperty("id", out var id) ? id.GetString() : _running;
    }

    /// <summary>Makes a call and takes a part of its answer into a variable, as <c>export NAME=$(curl … | grep -o …)</c> does.</summary>
    public async Task TakeAsync(FencedBlock block, string name, string call, string filter)
    {
        await CallAsync(block, call);
        var start = new ProcessStartInfo("bash", ["-uc", filter]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(Last!.Body);
        process.StandardInput.Close();
        _taken[name] = (await process.StandardOutput.ReadToEndAsync()).Trim();
        await process.WaitForExitAsync();
        Assert.True(_taken[name].Length > 0 && !_taken[name].Contains('\n', StringComparison.Ordinal), $"{block}: {filter} finds '{_taken[name]}' in {Last}");
    }

    // A generation is settled once: the one that the document admitted, then others like it.
    private async Task<string> TakeRunningAsync()
    {
        var id = _running ?? (await customer.AdmitAsync(Requests.Bloom("4K", 3))).Text("id");
        _running = null;
        return id;
    }

    private async Task<Answer> RunAsync(FencedBlock block, string line)
    {
        // -u: a variable that nobody sets is a mistake of the document.
        var start = new ProcessStartInfo("bash", ["-uc", $"{line} -w '{Told}'"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in await VariablesAsync(line))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{block}: {line} ended with {process.ExitCode}: {output[1]}");

        var lines = output[0].Split('\n');
        var body = string.Join('\n', lines[..^4]);
        var (status, type, method, path) = (int.Parse(lines[^4], CultureInfo.InvariantCulture), lines[^3], lines[^2], new Uri(lines[^1]).AbsolutePath);
        Assert.Empty(OpenApiValidator.Shared.Validate(method, path, status, type, body));
        return new Answer($"{method} {path}", status, new Dictionary<string, string>(), body);
    }

    private async Task<Dictionary<string, string>> VariablesAsync(string line)
    {
        var variables = new Dictionary<string, string>
        {
            ["SERVICE_KEY"] = world.ServiceKey,
            ["OPERATOR_KEY"] = world.OperatorKey,
            ["CUSTOMER_KEY"] = customer.Key,
            ["SESSION_TOKEN"] = customer.SessionToken,
            ["WORKSPACE"] = customer.WorkspaceId,
            ["ACCOUNT"] = customer.AccountId,
        };
        if (line.Contains("$KEY_ID", StringComparison.Ordinal))
        {
            variables["KEY_ID"] = Last!.Text("id");
        }

        if (line.Contains("$ID", StringComparison.Ordinal))
        {
            variables["ID"] = await PoisonAsync();
        }

        foreach (var (name, value) in _taken)
        {
            variables[name] = value;
        }

        return variables;
    }

    private async Task<string> PoisonAsync()
    {
        await world.OpenQueue(Queues.All[0]).SendMessageAsync("rubbish");
        return (await Eventually.SeeAsync(() => world.Operator.GetAsync("admin/poison"), seen => seen.Is(200).At("messages").GetArrayLength() > 0)).Text("messages.0.id");
    }
}
