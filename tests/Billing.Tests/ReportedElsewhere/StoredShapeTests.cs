using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Billing.Engine.Rows;
using Billing.Testing;

namespace Billing.Tests.ReportedElsewhere;

public sealed class StoredShapeTests
{
    public static TheoryData<string> Kinds => [.. RowSchema.All.Select(kind => kind.Name)];

    // While a new version was rolled out, the old one threw on a member it had never heard of, beside members that it required.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_older_version_reads_what_a_newer_one_wrote(string name) => Assert.All(Rows(name), row =>
        Assert.Equal(row.Data, RowJson.Write(RowJson.Read(row.Type, Newer(row.Form, JsonNode.Parse(row.Data))!.ToJsonString()))));

    // A reader relied on the order in which members had always come, until another tool had rewritten the document.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_order_of_members_means_nothing(string name) => Assert.All(Rows(name), row =>
        Assert.Equal(row.Data, RowJson.Write(RowJson.Read(row.Type, Reversed(JsonNode.Parse(row.Data))!.ToJsonString()))));

    private static IEnumerable<(Type Type, Type Form, string Data)> Rows(string name)
    {
        var kind = RowSchema.All.Single(kind => kind.Name == name);
        return File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Billing.Tests", "Rows", "golden", $"{name}.txt")).Select(line => (kind.Type, kind.Form, line.Split('\t')[2]));
    }

    /// <summary>With unknown members before and after the others, in every record.</summary>
    private static JsonNode? Newer(Type type, JsonNode? node)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (node is JsonArray items && type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
        {
            return new JsonArray([.. items.Select(item => Newer(type.GetGenericArguments()[0], item))]);
        }

        if (node is not JsonObject members || !RowNames.Properties.TryGetValue(type, out var names))
        {
            return node?.DeepClone();
        }

        var newer = new JsonObject { ["zz_new"] = new JsonObject { ["a"] = new JsonArray(1, null, "x") } };
        foreach (var (member, value) in members)
        {
            var property = names.Where(one => one.Name == member).Select(one => type.GetProperty(one.Property)).SingleOrDefault();
            newer[member] = property is null ? value?.DeepClone() : Newer(property.PropertyType, value);
        }

        newer["zz_newer"] = "2.5";
        return newer;
    }

    private static JsonNode? Reversed(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Reverse().Select(member => KeyValuePair.Create(member.Key, Reversed(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(item => Reversed(item))]),
        _ => node?.DeepClone(),
    };
}
