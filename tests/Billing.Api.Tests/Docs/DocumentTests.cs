using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Docs;

/// <summary>Every command, snippet and answer in the documents is run against a real Host.</summary>
public sealed class DocumentTests(DocumentTests.RealTime realTime) : IClassFixture<DocumentTests.RealTime>
{
    public static TheoryData<string> Files => [.. FencedBlock.Files];

    [Theory]
    [MemberData(nameof(Files))]
    public void Somebody_runs_every_block(string file) =>
        Assert.All(FencedBlock.In(file), block => Assert.True(Runners.For(block) is not null, $"{block} is run by nobody: teach tests/Billing.Api.Tests/Docs how."));

    [Theory]
    [MemberData(nameof(Files))]
    public async Task What_it_shows_happens(string file)
    {
        var reader = await Reader.SitDownAsync(realTime.World);
        foreach (var block in FencedBlock.In(file))
        {
            await Runners.For(block)!.RunAsync(block, reader);
        }
    }

    [Theory]
    [InlineData("python", "print('hello')")]
    [InlineData("sh", "curl -s http://localhost:7071/health\nnpm start")]
    [InlineData("json", """{"shown": "after no call"}""")]
    [InlineData("json", "[1, 2]")]
    [InlineData("js", "console.log('hello')")]
    [InlineData("", "free text")]
    public void A_block_of_another_kind_is_run_by_nobody(string language, string text) => Assert.Null(Runners.For(new FencedBlock("docs/keys.md", 1, language, text)));

    [Theory]
    [InlineData("""{"id": "gen_…", "cost": 6}""", null)]
    [InlineData("""{"id": "txn_…"}""", "$.id is shown as")]
    [InlineData("""{"cost": 7}""", "$.cost is shown as 7, but is 6")]
    [InlineData("""{"price": 6}""", "$.price is shown, but not there")]
    [InlineData("""{"charged": {"credits": 5}}""", "$.charged.credits is shown as 5")]
    public void What_is_shown_is_held_against_what_came(string shown, string? difference)
    {
        const string Came = """{"id": "gen_1", "cost": 6, "charged": {"credits": 6, "overage_units": 0}}""";
        using var document = System.Text.Json.JsonDocument.Parse(shown);
        var found = Shown.Difference(document.RootElement, new Answer("", 200, new Dictionary<string, string>(), Came).Root);
        Assert.True(difference is null ? found is null : found!.StartsWith(difference, StringComparison.Ordinal), found);
    }

    /// <summary>A world whose clock is the real one: a library that verifies deliveries asks how old they are.</summary>
    public sealed class RealTime : IAsyncLifetime
    {
        public World World { get; private set; } = null!;

        public async Task InitializeAsync() => World = await World.StartAsync(settings: new Dictionary<string, string> { ["Billing__TestClock"] = "" });

        public async Task DisposeAsync() => await World.DisposeAsync();
    }
}
