using Billing.Testing;

namespace Billing.Api.Tests.OpenApi;

/// <summary>What openapi-typescript makes of the document compiles, strictly, with a service that uses it: typescript/consumer.ts.</summary>
public sealed class GeneratedClientTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Billing.Api.Tests", "OpenApi");
    private static readonly string Document = File.ReadAllText(Path.Combine(Repository.Root, "src", "Billing.Api", "OpenApi", "openapi.json"));

    [Fact]
    public async Task A_client_that_is_generated_compiles_and_knows_each_refusal_by_its_code()
    {
        var (exitCode, output) = await CompileAsync("sound", Document);
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task It_does_not_where_the_document_says_something_else()
    {
        (string What, string Instead, string Complaint)[] breaks =
        [
            ("\"variant_count\": {", "\"variants\": {", "'variant_count' does not exist"),
            ("\"ALREADY_SETTLED\"", "\"SETTLED\"", "\"ALREADY_SETTLED\"' have no overlap"),
            ("\"required\": [\"retryAfter\"]", "\"required\": []", "'number | undefined' is not assignable to type 'number'"),
            ("\"/api/v1/credits\":", "\"/api/v1/credit\":", "\"/api/v1/credits\"' is not assignable"),
        ];
        Assert.All(breaks, one => Assert.Contains(one.What, Document, StringComparison.Ordinal));
        var broken = breaks.Aggregate(Document, (text, one) => text.Replace(one.What, one.Instead, StringComparison.Ordinal));
        var (exitCode, output) = await CompileAsync("broken", broken);
        Assert.NotEqual(0, exitCode);
        Assert.All(breaks, one => Assert.Contains(one.Complaint, output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("sketch")]
    [InlineData("odd")]
    public async Task A_client_of_a_deployment_with_its_own_catalogs_compiles_with_the_plainest_call(string name)
    {
        var document = name == "odd" ? DeploymentTests.OfOdd : DeploymentTests.OfSketch;
        var (exitCode, output) = await CompileAsync(name, document.Root.GetRawText(), "sketch.ts");
        Assert.True(exitCode == 0, output);
    }

    private static async Task<(int ExitCode, string Output)> CompileAsync(string name, string document, string consumer = "consumer.ts")
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var packages = new NodePackages(Folder);
        await packages.EnsureAsync(patience.Token);

        // Beside node_modules, where both find the packages; git ignores it.
        var work = Directory.CreateDirectory(Path.Combine(Folder, "artifacts", name)).FullName;
        foreach (var (file, copy) in new[] { (consumer, "consumer.ts"), ("tsconfig.json", "tsconfig.json") })
        {
            File.Copy(Path.Combine(Folder, "typescript", file), Path.Combine(work, copy), overwrite: true);
        }

        await File.WriteAllTextAsync(Path.Combine(work, "openapi.json"), document, patience.Token);
        // A field with a default may be left out of a request.
        string[] generate =
        [
            Path.Combine(work, "openapi.json"), "-o", Path.Combine(work, "api.ts"), "--default-non-nullable", "false",
            "--redocly", Path.Combine(Folder, "typescript", "redocly.yaml"),
        ];
        var (exitCode, output) = await packages.RunAsync(Path.Combine("openapi-typescript", "bin", "cli.js"), generate, new Dictionary<string, string>(), patience.Token);
        Assert.True(exitCode == 0, output);
        return await packages.RunAsync(Path.Combine("typescript", "bin", "tsc"), ["-p", work, "--pretty", "false"], new Dictionary<string, string>(), patience.Token);
    }
}
