using Billing.Testing;

namespace Billing.Client.Tests;

/// <summary>The TypeScript client, src/billing-client-ts: its own tests, those against a running Host, and what npm makes of it.</summary>
public sealed class TypeScriptTests(RealTimeHost host, TypeScriptPackage package) : IClassFixture<RealTimeHost>, IClassFixture<TypeScriptPackage>, IDisposable
{
    private static readonly string Samples = Path.Combine(TypeScriptPackage.Folder, "tests", "samples");
    private readonly string _folder = Directory.CreateTempSubdirectory("billing-client-ts-").FullName;

    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Path.Combine(TypeScriptPackage.Folder, "tests"), "*.test.js").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public Task Its_own_tests_pass(string file) => package.TestAsync(Path.Combine("tests", file));

    [Theory]
    [InlineData("host.test.js")]
    [InlineData("seller.test.js")]
    public async Task It_works_against_a_running_Host(string file)
    {
        Assert.Equal("", await package.CompileAsync(Path.Combine("tests", "samples")));
        await package.TestAsync(Path.Combine("tests", "host", file), host.Environment);
    }

    [BrowserFact]
    public Task It_works_in_a_browser_with_what_a_customer_may() => package.TestAsync(
        Path.Combine("tests", "browser", "browser.test.js"),
        new Dictionary<string, string>(host.Environment) { ["CHROMIUM_PATH"] = Chromium.Location ?? throw new InvalidOperationException(Chromium.Missing) });

    [Fact]
    public async Task Its_types_are_those_of_the_OpenAPI_document()
    {
        var made = await package.GenerateTypesAsync(Path.Combine(_folder, "openapi.ts"));
        var committed = await File.ReadAllTextAsync(Path.Combine(TypeScriptPackage.Folder, "src", "openapi.ts"));
        Assert.True(made.ReplaceLineEndings() == committed.ReplaceLineEndings(), "The document has changed: `npm run generate` in src/billing-client-ts.");
    }

    [Theory]
    [InlineData("nodenext", "nodenext")]
    [InlineData("esnext", "bundler")]
    public async Task What_npm_packs_can_be_installed_imported_and_type_checked(string module, string resolution)
    {
        await package.PackAsync(_folder);
        var consumer = Directory.CreateDirectory(Path.Combine(_folder, "consumer")).FullName;
        await File.WriteAllTextAsync(Path.Combine(consumer, "package.json"), """{"type": "module", "private": true}""");
        var packages = new NodePackages(consumer);
        var (exitCode, output) = await packages.NpmAsync(["install", "--offline", "--no-audit", "--no-fund", Directory.GetFiles(_folder, "*.tgz").Single()]);
        Assert.True(exitCode == 0, output);

        var installed = Path.Combine(consumer, "node_modules", "billing-client");
        Assert.Equal(["LICENSE", "README.md", "dist", "package.json"], Directory.GetFileSystemEntries(installed).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["billing-client"], Directory.GetDirectories(Path.Combine(consumer, "node_modules")).Select(Path.GetFileName));
        (exitCode, output) = await packages.EvaluateAsync("import { BillingClient } from 'billing-client'; console.log(typeof BillingClient.prototype.run);", new Dictionary<string, string>());
        Assert.True((exitCode, output.Trim()) == (0, "function"), output);

        foreach (var sample in Directory.EnumerateFiles(Samples, "*.ts"))
        {
            File.Copy(sample, Path.Combine(consumer, Path.GetFileName(sample)));
        }

        await File.WriteAllTextAsync(Path.Combine(consumer, "tsconfig.json"), Project(module, resolution));
        Assert.Equal("", await package.CompileAsync(consumer));
        await File.AppendAllTextAsync(Path.Combine(consumer, "order.ts"), "export const wrong: number = connect(\"\", \"\");\n");
        Assert.Contains("'BillingClient' is not assignable to type 'number'", await package.CompileAsync(consumer), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Project(string module, string resolution) => $$"""
        {
          "compilerOptions": {
            "strict": true,
            "exactOptionalPropertyTypes": true,
            "target": "es2022",
            "module": "{{module}}",
            "moduleResolution": "{{resolution}}",
            "lib": ["es2022", "dom"],
            "types": [],
            "noEmit": true
          },
          "include": ["*.ts"]
        }
        """;
}
