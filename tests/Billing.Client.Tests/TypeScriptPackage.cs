using System.Text.Json;
using Billing.Testing;

namespace Billing.Client.Tests;

/// <summary>src/billing-client-ts, built.</summary>
public sealed class TypeScriptPackage : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly Dictionary<string, string> Nothing = [];
    private readonly NodePackages _packages = new(Folder);

    public static string Folder { get; } = Path.Combine(Repository.Root, "src", "billing-client-ts");

    public async Task InitializeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _packages.EnsureAsync(patience.Token);
        Assert.Equal("", await CompileAsync("."));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <returns>What the compiler complains of in the project of a folder; empty when it is content.</returns>
    public async Task<string> CompileAsync(string project)
    {
        using var patience = new CancellationTokenSource(Patience);
        var (exitCode, output) = await _packages.RunAsync(Path.Combine("typescript", "bin", "tsc"), ["-p", project, "--pretty", "false"], Nothing, patience.Token);
        return exitCode == 0 ? "" : $"tsc ended with {exitCode}: {output}";
    }

    /// <summary>Runs a file of tests: some are there, and none fails or is left out.</summary>
    public async Task TestAsync(string file, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        var (exitCode, output) = await _packages.NodeAsync(["--test", "--test-reporter=tap", file], environment ?? Nothing, patience.Token);
        Assert.True(exitCode == 0, output);
        Assert.Contains("\n# skipped 0", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\n# pass 0", output, StringComparison.Ordinal);
    }

    /// <returns>What its own script makes of the OpenAPI document now.</returns>
    public async Task<string> GenerateTypesAsync(string file)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var package = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "package.json"), patience.Token));
        var words = package.RootElement.GetProperty("scripts").GetProperty("generate").GetString()!.Replace("src/openapi.ts", file, StringComparison.Ordinal).Split(' ');
        var (exitCode, output) = await _packages.RunAsync(Path.Combine("openapi-typescript", "bin", "cli.js"), words[1..], Nothing, patience.Token);
        Assert.True(exitCode == 0, output);
        return await File.ReadAllTextAsync(file, patience.Token);
    }

    /// <summary>`npm pack`, with all that it does before.</summary>
    public async Task PackAsync(string destination)
    {
        using var patience = new CancellationTokenSource(Patience);
        var (exitCode, output) = await _packages.NpmAsync(["pack", "--pack-destination", destination], patience.Token);
        Assert.True(exitCode == 0, output);
    }
}
