using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Catalogs;

namespace Billing.Api.OpenApi;

/// <summary>The document of a deployment: openapi.json, with what is sold here in place of the shipped products.</summary>
public static class DeploymentDocument
{
    private static readonly JsonSerializerOptions Form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="frame">The document of the shipped catalogs.</param>
    /// <param name="sold">What is sold here, at least one product.</param>
    public static string Of(string frame, IEnumerable<Catalog> sold)
    {
        var document = JsonNode.Parse(frame)!.AsObject();
        ImmutableArray<Catalog> catalogs = [.. sold];
        var examples = new DeploymentExamples(document, catalogs);
        examples.LeaveOutUnsold();
        RequestSchemas.Put(document["components"]!["schemas"]!.AsObject(), catalogs);
        examples.AddOwn();
        return document.ToJsonString(Form);
    }
}
