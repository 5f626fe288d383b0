using System.Text.RegularExpressions;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Testing;
using Microsoft.Extensions.Configuration;

namespace Billing.Api.Tests.Drift;

/// <summary>The infrastructure as code: it parses, nothing in it is missing or unused, and it makes the tables and queues that the code has.</summary>
public sealed partial class BicepTests
{
    private static readonly string[] Functions =
    [
        "empty", "flatten", "guid", "int", "items", "length", "loadJsonContent", "map", "range", "readEnvironmentVariable", "subscription", "subscriptionResourceId", "tenant", "toLower", "toObject", "union",
        "uniqueString",
    ];

    public static TheoryData<string> Files => [.. Names()];

    [Theory, MemberData(nameof(Files))]
    public void Every_name_that_is_used_is_declared(string path)
    {
        var file = BicepFile.Open(path);
        var declared = file.Declarations.Where(one => one.Kind != "output").Select(one => one.Name).ToHashSet();

        Assert.DoesNotContain(file.Uses(), use => !declared.Contains(use.Name));
        Assert.Empty(file.Calls().Except(Functions));
    }

    [Theory, MemberData(nameof(Files))]
    public void Every_parameter_and_variable_is_used(string path)
    {
        var file = BicepFile.Open(path);
        var declared = file.Declarations.Where(one => one.Kind == "var" || (one.Kind == "param" && path.EndsWith(".bicep", StringComparison.Ordinal)));

        Assert.DoesNotContain(declared, one => !file.Uses(without: one).Any(use => use.Name == one.Name));
        Assert.Equal(file.Declarations.Length, file.Declarations.DistinctBy(one => (one.Kind == "output", one.Name)).Count());
    }

    [Theory, MemberData(nameof(Files))]
    public void Every_module_gets_each_of_its_parameters_and_gives_what_is_taken_of_it(string path)
    {
        var file = BicepFile.Open(path);
        Assert.All(file.Of("module"), module =>
        {
            var opened = BicepFile.Open(Path.Combine(Path.GetDirectoryName(path)!, module.Type));
            Assert.Equal(opened.Of("param").Select(parameter => parameter.Name).Order(StringComparer.Ordinal), module.KeysIn("params").Order(StringComparer.Ordinal));
            Assert.Subset(
                opened.Of("output").Select(output => output.Name).ToHashSet(),
                Regex.Matches(File.ReadAllText(Path.Combine(Repository.Root, "infra", path)), $@"\b{module.Name}\.outputs\.(\w+)").Select(match => match.Groups[1].Value).ToHashSet());
        });
    }

    [Theory, MemberData(nameof(Files))]
    public void Every_resource_has_one_dated_version_of_its_provider_that_is_no_preview(string path)
    {
        var types = BicepFile.Open(path).Of("resource").Select(resource => resource.Type).ToList();

        Assert.All(types, type => Assert.Matches(ResourceType(), type));
        Assert.All(types.GroupBy(type => type.Split('/', '@')[0]), versions =>
            Assert.True(versions.Key == "Microsoft.Insights" || versions.Select(type => type.Split('@')[1]).Distinct().Count() == 1, $"{path}: {string.Join(", ", versions)}"));
    }

    [Fact]
    public void Every_module_file_is_used() => Assert.Equal(
        Names().Where(name => name.StartsWith("modules", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        BicepFile.Open("main.bicep").Of("module").Select(module => module.Type).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void The_parameter_file_sets_every_parameter_and_no_other()
    {
        var (main, parameters) = (BicepFile.Open("main.bicep"), BicepFile.Open("main.bicepparam"));

        Assert.Equal("./main.bicep", parameters.Of("using").Single().Type);
        Assert.Equal(main.Of("param").Select(one => one.Name).Order(StringComparer.Ordinal), parameters.Of("param").Select(one => one.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Development_and_production_choose_the_same_things_and_all_of_them_are_used()
    {
        var parameters = BicepFile.Open("main.bicepparam");
        var stages = parameters.The("var", "stages");
        var chosen = stages.KeysIn("prod");

        Assert.Equal(["dev", "prod"], stages.KeysIn());
        Assert.Equal(chosen, stages.KeysIn("dev"));
        Assert.Equal(chosen, parameters.Of("param").Where(one => one.Value[0].Is("stage")).Select(one => one.Value[^1].Text));
    }

    [Fact]
    public void Bicep_makes_every_table_and_queue_that_the_code_has()
    {
        var storage = BicepFile.Open("modules/storage.bicep");

        Assert.Equal(Enum.GetNames<Table>().Select(name => name.ToLowerInvariant()), Strings(storage, "tables"));
        // WordTests hold the document's words to the code.
        Assert.Equal(["../../src/Billing.Api/OpenApi/openapi.json", "components.schemas.Queue.enum"], Strings(storage, "queues"));
        Assert.Equal(["", FunctionsSource.Value("PoisonDrain.HostSuffix"), Queues.PoisonSuffix], Strings(storage, "queueSuffixes"));
    }

    [Fact]
    public void Further_accounts_are_like_the_first_and_named_as_the_code_and_the_Functions_host_read_them()
    {
        var modules = BicepFile.Open("main.bicep").Of("module").Where(module => module.Type == "modules/storage.bicep").ToList();
        Assert.Equal(["storage", "shards"], modules.Select(module => module.Name));

        string[] parts = ["accountName", "credential", "clientId"];
        var app = File.ReadAllText(Path.Combine(Repository.Root, "infra", "modules", "app.bicep"));
        Assert.All(parts, part => Assert.Contains($"'Billing__Shards__${{index + 1}}__{part}'", app, StringComparison.Ordinal));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(parts.Select(part => KeyValuePair.Create($"Billing:Shards:1:{part}", (string?)"stbillingone"))).Build();
        Assert.Equal("stbillingone", BillingSettings.Read(configuration, development: true).Shards.Accounts[1].AccountName);
        Assert.Equal($"{ShardMap.Most}", Regex.Match(File.ReadAllText(Path.Combine(Repository.Root, "infra", "main.bicep")), @"@maxValue\((\d+)\)\s+param shardCount").Groups[1].Value);
    }

    [Fact]
    public void The_alert_on_poison_messages_looks_for_the_metric_that_counts_them() =>
        Assert.Contains($"name == \"{FunctionsSource.Value("QueueFeed.PoisonMetric")}\"", File.ReadAllText(Path.Combine(Repository.Root, "infra", "modules", "alerts.bicep")));

    [Fact]
    public void The_alert_on_audits_looks_for_the_words_that_one_logs()
    {
        var words = Regex.Match(File.ReadAllText(Path.Combine(Repository.Root, "infra", "modules", "alerts.bicep")), "message has \"(.+?)\"").Groups[1].Value;

        Assert.Contains(words, File.ReadAllText(Path.Combine(Repository.Root, "src", "Billing.Api", "Admin", "AuditWorkspace.cs")));
    }

    private static IEnumerable<string> Strings(BicepFile file, string variable) => file.The("var", variable).Value.Where(token => token.Kind == 's').Select(token => token.Text);

    private static IEnumerable<string> Names()
    {
        var infra = Path.Combine(Repository.Root, "infra");
        return Directory.EnumerateFiles(infra, "*.bicep*").Concat(Directory.EnumerateFiles(Path.Combine(infra, "modules"), "*.bicep"))
            .Select(file => Path.GetRelativePath(infra, file).Replace('\\', '/'));
    }

    [GeneratedRegex(@"^Microsoft\.\w+(/\w+)+@20\d\d-\d\d-\d\d$")]
    private static partial Regex ResourceType();
}
