using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Billing.Client;

/// <summary>How the wire is read and written, without reflection: the client can be trimmed and compiled ahead of time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(Generation))]
[JsonSerializable(typeof(Batch))]
[JsonSerializable(typeof(SettledItems))]
[JsonSerializable(typeof(Quote))]
[JsonSerializable(typeof(Check))]
[JsonSerializable(typeof(CreditBalance))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ClientJson : JsonSerializerContext;
