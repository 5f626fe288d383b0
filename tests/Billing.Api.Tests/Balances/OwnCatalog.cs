using System.Text.Json.Nodes;
using Billing.Testing;

namespace Billing.Api.Tests.Balances;

/// <summary>A seller's own catalogs: the shipped ones, with a plain template of base 2 in bluma, and what else a test changes there.</summary>
internal static class OwnCatalog
{
    public static IReadOnlyDictionary<string, string> Settings(Action<JsonNode>? change = null)
    {
        var folder = Directory.CreateTempSubdirectory("catalogs-").FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Billing", "Catalogs"), "*.json"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        var bluma = Path.Combine(folder, "bluma.json");
        var catalog = JsonNode.Parse(File.ReadAllText(bluma))!;
        catalog["templates"]!.AsArray().Add(JsonNode.Parse("""{ "id": "plain", "tier": "standard", "attributes": { "base": 2, "complexity": "basic" } }"""));
        change?.Invoke(catalog);
        File.WriteAllText(bluma, catalog.ToJsonString());
        return new Dictionary<string, string> { ["Billing__Catalogs"] = folder };
    }
}
