using System.Globalization;
using System.Text.RegularExpressions;
using Billing.Api.Telemetry;
using Billing.Testing;

namespace Billing.Api.Tests.Telemetry;

/// <summary>What can stand in the log, by number and name: alerts and people look for them, so they stay as they are.</summary>
public sealed partial class EventTests
{
    // What a line may tell. Whoever needs another word asks first whether it can ever hold a key, a token or a secret.
    private static readonly string[] Tellable =
    [
        "Address", "AmountMinor", "Check", "Count", "Credits", "Currency", "DeliveryId", "Due", "Endpoint", "EndpointId", "Fate", "First", "Job", "MessageId", "Milliseconds",
        "Month", "PeriodEndsAt", "Plan", "Queue", "Reason", "RefundId", "Seconds", "Sent", "RequestId", "Setting", "Shards", "Try", "WorkspaceId",
    ];

    [Fact]
    public void Every_event_has_a_number_and_a_name_of_its_own()
    {
        var events = InCode().ToList();

        Assert.Equal(events.Count, events.Select(one => one.Id).Distinct().Count());
        Assert.Equal(events.Count, events.Select(one => one.Name).Distinct().Count());
        Assert.Equal(SourceFiles().Sum(text => text.Split("[LoggerMessage(").Length - 1), events.Count);
    }

    [Fact]
    public void The_table_of_events_has_every_event_and_no_other() => Assert.Equal(
        InCode().OrderBy(one => one.Id).Select(one => (one.Id, one.Level, one.Name)),
        InDocument().Select(one => (one.Id, one.Level, one.Name)));

    [Fact]
    public async Task The_table_of_metrics_has_every_instrument_with_its_unit_and_no_other()
    {
        await using var backstage = new Backstage();
        Assert.NotNull(backstage.Get<BillingMetrics>());
        var documented = MetricRow().Matches(Document()).SelectMany(row => Words(row.Groups["names"].Value).Zip(Words(row.Groups["units"].Value)));

        Assert.Equal(
            backstage.Told.Instruments.Select(one => (one.Key, one.Value)).Order(),
            documented.Order());

        static IEnumerable<string> Words(string text) => text.Split(", ").Select(word => word.Trim('`'));
    }

    [Fact]
    public void What_an_event_tells_can_hold_no_key_token_or_secret() =>
        Assert.Empty(InCode().SelectMany(one => Placeholder().Matches(one.Text).Select(match => match.Groups[1].Value)).Except(Tellable));

    [Fact]
    public void Nothing_is_logged_but_events() =>
        Assert.DoesNotContain(SourceFiles(), text => PlainLog().IsMatch(text));

    private static IEnumerable<(int Id, string Level, string Name, string Text)> InCode() => SourceFiles()
        .SelectMany(text => Event().Matches(text))
        .Select(match => (int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture), match.Groups["level"].Value, match.Groups["name"].Value, match.Groups["text"].Value));

    private static IEnumerable<(int Id, string Level, string Name)> InDocument() => Row()
        .Matches(Document())
        .Select(match => (int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture), match.Groups["level"].Value, match.Groups["name"].Value));

    private static string Document() => File.ReadAllText(Path.Combine(Repository.Root, "docs", "operating.md"));

    // The client's are in the seller's log, not the operator's.
    private static IEnumerable<string> SourceFiles() => Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}Billing.Client{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Select(File.ReadAllText);

    [GeneratedRegex("""\[LoggerMessage\((?<id>\d+), LogLevel\.(?<level>\w+), "(?<text>[^"]*)"\)\]\s+public static partial void (?<name>\w+)\(""")]
    private static partial Regex Event();

    [GeneratedRegex(@"^\| (?<id>\d+) \| `(?<name>\w+)` \| (?<level>\w+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^\| (?<names>`billing\.[^|]+`) \| (?<units>[^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex MetricRow();

    [GeneratedRegex(@"\{(\w+)(:\w+)?\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)?\(")]
    private static partial Regex PlainLog();
}
