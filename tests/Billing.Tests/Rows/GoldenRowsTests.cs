using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using Billing.Engine.Due;
using Billing.Engine.Rows;
using Billing.RateLimits;
using Billing.Testing;

namespace Billing.Tests.Rows;

/// <summary>
/// Rows as they are stored, as text that no code made: each is read and written back to the byte. A property whose stored name changes, a value that is
/// called otherwise, a key that is formed anew fails here. What is in these files is read for ever: lines are added, not changed.
/// </summary>
public sealed class GoldenRowsTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Billing.Tests", "Rows", "golden");

    public static TheoryData<string> Kinds => [.. RowSchema.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_row_is_read_and_written_back_to_the_byte(string name)
    {
        var kind = RowSchema.All.Single(one => one.Name == name);
        Assert.All(Lines(name), line =>
        {
            var (key, tag, data) = line.Split('\t') is [var one, var two, var three] ? (one, two, three) : throw new FormatException(line);
            var read = RowJson.Read(kind.Type, data);
            Assert.Equal(data, RowJson.Write(read));
            if (read is Record record)
            {
                Assert.Equal((key, tag), (record.RowKey, record.Tag ?? ""));
                Assert.Equal(kind, RowSchema.KindOf(key));
            }
        });
    }

    [Fact]
    public void Every_stored_property_is_in_some_golden_row()
    {
        var seen = new HashSet<(Type, string)>();
        foreach (var kind in RowSchema.All)
        {
            foreach (var line in Lines(kind.Name))
            {
                using var json = JsonDocument.Parse(line.Split('\t')[2]);
                Mark(kind.Form, json.RootElement, seen);
            }
        }

        Assert.DoesNotContain(RowNames.Properties.SelectMany(type => type.Value.Select(one => (type.Key, one.Property))), one => !seen.Contains(one));
    }

    [Fact]
    public void Every_value_of_a_stored_enumeration_is_in_some_golden_row()
    {
        var text = string.Concat(RowSchema.All.SelectMany(kind => Lines(kind.Name)));

        Assert.DoesNotContain(
            RowNames.Enumerations.SelectMany(one => Enum.GetValues(one.Type!).Cast<object>().Select(value => RowJson.Write(value).Text.Trim('"'))),
            name => !text.Contains($"\"{name}\"", StringComparison.Ordinal) && !text.Contains($" {name} ", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_property_that_can_be_set_has_a_stored_name()
    {
        var unnamed = RowNames.Properties.SelectMany(type => type.Key.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is not null && type.Value.All(one => one.Property != property.Name))
            .Select(property => $"{type.Key.Name}.{property.Name}"));

        // The grants stand beside the rest: WorkspaceRows.
        Assert.Equal(["Workspace.Grants"], unnamed);
    }

    [Fact]
    public void A_rate_window_is_read_and_written_back_to_the_byte() =>
        Assert.All(File.ReadAllLines(Path.Combine(Folder, "rate.txt")), line => Assert.Equal(line, RateWindow.Parse(line).ToText()));

    [Fact]
    public void Every_queue_message_is_read_and_written_back_to_the_byte() => Assert.All(File.ReadAllLines(Path.Combine(Folder, "messages.txt")), line =>
    {
        var (queue, text) = line.Split('\t') is [var one, var two] ? (one, two) : throw new FormatException(line);
        Assert.Contains(queue, Queues.All);
        var written = DueMessage.TryParse(text, queue, out var due) ? due.ToText()
            : Events.DeliveryId.Parse(text) is { } delivery ? delivery.ToString()
            : Ids.TryParse(text.Split('_')[0], text, out var workspaceId, out var key) ? Ids.Of(text.Split('_')[0], workspaceId, key) : "";
        Assert.Equal(text, written);
    });

    private static string[] Lines(string kind) => File.ReadAllLines(Path.Combine(Folder, $"{kind}.txt"));

    private static void Mark(Type type, JsonElement element, HashSet<(Type, string)> seen)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (element.ValueKind != JsonValueKind.Null && RowNames.Properties.TryGetValue(type, out var names))
        {
            foreach (var (property, name) in names.Where(one => element.TryGetProperty(one.Name, out _)))
            {
                seen.Add((type, property));
                Mark(type.GetProperty(property)!.PropertyType, element.GetProperty(name), seen);
            }
        }
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) && element.ValueKind == JsonValueKind.Array)
        {
            element.EnumerateArray().ToList().ForEach(item => Mark(type.GenericTypeArguments[0], item, seen));
        }
    }
}
