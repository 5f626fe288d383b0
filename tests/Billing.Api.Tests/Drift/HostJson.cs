using System.Text.Json;
using Billing.Testing;

namespace Billing.Api.Tests.Drift;

internal static class HostJson
{
    public static JsonDocument Open() => Read("host.json");

    /// <summary>A JSON file of the root.</summary>
    public static JsonDocument Read(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, file)));
}
