using System.Text.Json;
using System.Text.RegularExpressions;
using Billing.Api.Tests.OpenApi;
using Billing.Catalogs;
using Billing.Testing;

namespace Billing.Api.Tests.Docs;

/// <summary>Knows what one kind of block promises, and sees that it holds.</summary>
internal interface IRunner
{
    bool Claims(FencedBlock block);

    Task RunAsync(FencedBlock block, Reader reader);
}

internal static class Runners
{
    private static readonly IRunner[] All = [new ShellRunner(), new AnswerRunner(), new CatalogRunner(), new CatalogSchemaRunner(), new EventRunner(), new SignatureRunner(), new ReceiverRunner(), new SampleRunner(), new TypeScriptSampleRunner(), new PictureRunner()];

    /// <summary>The one for a block; null when there is none.</summary>
    public static IRunner? For(FencedBlock block) => All.SingleOrDefault(runner => runner.Claims(block));

    /// <summary>The JSON of a block; null when it is none, or no object.</summary>
    public static JsonElement? Json(FencedBlock block)
    {
        if (block.Language != "json")
        {
            return null;
        }

        using var document = JsonDocument.Parse(block.Text);
        return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
    }
}

/// <summary>JSON right after a call is what it answers: the fields that are shown, with the values that are shown; "…" is whatever it is.</summary>
internal sealed class AnswerRunner : IRunner
{
    public bool Claims(FencedBlock block) => Runners.Json(block) is { } json && !CatalogRunner.IsCatalog(json) && !EventRunner.IsEvent(json) && Follows(block);

    public Task RunAsync(FencedBlock block, Reader reader)
    {
        var difference = Shown.Difference(Runners.Json(block)!.Value, reader.Last!.Root);
        Assert.True(difference is null, $"{block}: {difference}\n{reader.Last}");
        return Task.CompletedTask;
    }

    private static bool Follows(FencedBlock block) => FencedBlock.In(block.File).TakeWhile(one => one.Line < block.Line).LastOrDefault() is { } before
        && Shell.Commands(before).LastOrDefault() is { } command && Shell.ProgramOf(command) == "curl";
}

/// <summary>A catalog is one that the backend starts with.</summary>
internal sealed class CatalogRunner : IRunner
{
    public static bool IsCatalog(JsonElement json) => json.TryGetProperty("product", out _) && json.TryGetProperty("pricing", out _);

    public bool Claims(FencedBlock block) => Runners.Json(block) is { } json && IsCatalog(json);

    public Task RunAsync(FencedBlock block, Reader reader)
    {
        Assert.Single(CatalogSet.Load([(block.ToString(), block.Text)]).All);
        return Task.CompletedTask;
    }
}

/// <summary>The schema of catalogs names what is read of them, and every limit that plans can set.</summary>
internal sealed partial class CatalogSchemaRunner : IRunner
{
    private const string Readers = "src/Billing/Catalogs/Reading";
    private const string Factors = "src/Billing/Catalogs/Factor.cs";

    public bool Claims(FencedBlock block) => block.Language == "text" && block.File.EndsWith("writing-a-catalog.md", StringComparison.Ordinal);

    public Task RunAsync(FencedBlock block, Reader reader)
    {
        var limits = PlanLimit.All.Select(limit => limit.Name).ToList();
        var documented = MemberName().Matches(block.Text).Select(match => match.Groups[1].Value).Distinct().ToList();
        var source = string.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, Readers), "*.cs").Append(Path.Combine(Repository.Root, Factors)).Select(File.ReadAllText));
        Assert.Empty(limits.Except(documented));
        Assert.All(documented.Except(limits), name => Assert.Contains($"\"{name}\"", source, StringComparison.Ordinal));
        return Task.CompletedTask;
    }

    [GeneratedRegex(@"""([a-z_]+)""\??:")]
    private static partial Regex MemberName();
}

/// <summary>An event is as its webhook is documented.</summary>
internal sealed class EventRunner : IRunner
{
    public static bool IsEvent(JsonElement json) => json.TryGetProperty("type", out _) && json.TryGetProperty("timestamp", out _) && json.TryGetProperty("data", out _);

    public bool Claims(FencedBlock block) => Runners.Json(block) is { } json && IsEvent(json);

    public Task RunAsync(FencedBlock block, Reader reader)
    {
        using var document = JsonDocument.Parse(block.Text.Replace("ws_…", reader.Customer.WorkspaceId, StringComparison.Ordinal));
        var type = document.RootElement.GetProperty("type").GetString()!;
        var schema = Documents.Json(Documents.Current.Root.GetProperty("webhooks").GetProperty(type).GetProperty("post").GetProperty("requestBody")).GetProperty("schema");
        Assert.Empty(Documents.Current.Schemas.Check(schema, document.RootElement, closed: true));
        return Task.CompletedTask;
    }
}

/// <summary>C# is one of the samples that tests/Billing.Client.Tests compiles and runs.</summary>
internal sealed class SampleRunner : IRunner
{
    private const string Folder = "tests/Billing.Client.Tests/Samples";

    public bool Claims(FencedBlock block) => block.Language == "csharp";

    public Task RunAsync(FencedBlock block, Reader reader)
    {
        var samples = Directory.EnumerateFiles(Path.Combine(Repository.Root, Folder), "*.cs").Select(file => System.IO.File.ReadAllText(file).ReplaceLineEndings("\n").TrimEnd());
        Assert.True(samples.Contains(block.Text), $"{block} should be what a file of {Folder} is.");
        return Task.CompletedTask;
    }
}

/// <summary>TypeScript is one of the samples that tests/Billing.Client.Tests compiles and runs.</summary>
internal sealed class TypeScriptSampleRunner : IRunner
{
    private const string Folder = "src/billing-client-ts/tests/samples";

    public bool Claims(FencedBlock block) => block.Language == "ts";

    public Task RunAsync(FencedBlock block, Reader reader)
    {
        var samples = Directory.EnumerateFiles(Path.Combine(Repository.Root, Folder), "*.ts").Select(file => File.ReadAllText(file).ReplaceLineEndings("\n").TrimEnd());
        Assert.True(samples.Contains(block.Text), $"{block} should be what a file in {Folder} is.");
        return Task.CompletedTask;
    }
}

/// <summary>A picture shows nothing that could be run.</summary>
internal sealed class PictureRunner : IRunner
{
    public bool Claims(FencedBlock block) => block.Language.Length == 0 && block.Text.Contains('─', StringComparison.Ordinal);

    public Task RunAsync(FencedBlock block, Reader reader) => Task.CompletedTask;
}
