using System.Text.RegularExpressions;
using Billing.Api.Tests.OpenApi;
using Billing.Api.Tests.Worlds;
using Billing.Testing.OpenApi;

namespace Billing.Api.Tests.Access;

/// <summary>Every operation of the document × every kind of caller: each may call what its <c>security</c> says, and reaches only what is its own. An endpoint that is not documented fails in EndpointTests.</summary>
public sealed partial class AccessTests
{
    private const string Ok = "2xx";
    private const string Video = """{"template_id": "consumerclub-discord-zoomed", "workspace_id": "{workspace}"}""";

    /// <summary>Where the path with ada's things in the place of its parameters would not do. What stands in braces is hers, made anew for each request.</summary>
    private static readonly Dictionary<string, string> Paths = new()
    {
        ["addMember"] = "/api/v1/admin/workspaces/{team}/members",
        ["removeMember"] = "/api/v1/admin/workspaces/{team}/members",
        ["cancelSubscription"] = "/api/v1/admin/workspaces/{team}/subscription",
        ["closeAccount"] = "/api/v1/admin/accounts/{other}",
        ["reinstateTopUp"] = "/api/v1/admin/workspaces/{workspace}/top-ups/{reversed}/reinstate",
        ["getAsset"] = "/assets/dashboard.js",
    };

    /// <summary>Where the document's first example would not do: it names nothing of ada's, or would disturb the others' requests.</summary>
    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["quoteGeneration"] = Video,
        ["checkGeneration"] = Video,
        ["admitGeneration"] = Video,
        ["admitBatch"] = """{"items": [{"template_id": "news-anchor"}], "workspace_id": "{workspace}"}""",
        ["completeGeneration"] = "{}",
        ["requestRefund"] = """{"generation_id": "{completed}", "reason": "quality_issue"}""",
        ["createWebhook"] = """{"url": "http://127.0.0.1:9/", "events": ["ping"], "workspace_id": "{workspace}"}""",
        ["recoverWebhook"] = """{"since": "2025-11-01T00:00:00Z"}""",
        ["verifyKey"] = """{"key": "{secret}"}""",
        ["createSession"] = """{"account_id": "{account}"}""",
        ["createWorkspace"] = """{"account_id": "{account}", "name": "Team"}""",
        ["addMember"] = """{"account_id": "{account}"}""",
        ["removeMember"] = """{"account_id": "{member}"}""",
        ["reportPayment"] = """{"status": "succeeded", "reference": "pi"}""",
        ["moveClock"] = """{"now": "2025-11-01T12:00:00Z"}""",
    };

    public static TheoryData<string> Operations() => [.. Documents.Current.Operations.Select(operation => operation.Id)];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Every_kind_of_caller_gets_what_is_due(string id)
    {
        var operation = Documents.Current.Operations.Single(one => one.Id == id);
        var stage = await Stage.Shared;
        foreach (var caller in stage.Callers)
        {
            await ExpectAsync(operation, stage, id == "closeSession" ? await stage.AnewAsync(caller) : caller.Client, caller.Name, Due(operation, caller));
        }

        foreach (var (name, client) in stage.Strangers)
        {
            await ExpectAsync(operation, stage, client, name, Due(operation, name));
        }
    }

    // Where the service's own key is enough, a key that works no longer is passed over.
    private static string Due(OpenApiOperation operation, string stranger)
    {
        var taken = Documents.Credentials(operation).ToList();
        return taken.Count > 0 && !(stranger == Stage.RevokedPassedOn && taken.Contains(Caller.Service)) ? "401" : Ok;
    }

    private static string Due(OpenApiOperation operation, Caller caller)
    {
        var taken = Documents.Credentials(operation).ToList();
        if (taken.Count == 0 || (caller.NamesCustomer && taken is [Caller.Service]))
        {
            return Ok;
        }

        if (!taken.Contains(caller.Credential))
        {
            return caller.Credential == Caller.Service && taken.Contains(Caller.ServiceForCustomer) ? "401" : "403";
        }

        return caller.IsBob && Stage.IsHers(PathOf(operation) + BodyOf(operation)) ? "404" : Ok;
    }

    private static async Task ExpectAsync(OpenApiOperation operation, Stage stage, Client client, string caller, string expected)
    {
        var path = await stage.FillAsync(PathOf(operation), expected);
        var body = BodyOf(operation) is { } text ? await stage.FillAsync(text, expected) : null;
        var answer = await client.SendAsync(new HttpMethod(operation.Method), path, body);
        var met = expected == Ok ? answer.Status is >= 200 and < 300 : $"{answer.Status}" == expected;
        Assert.True(met, $"{operation.Id} should answer {expected} to {caller}: {answer}");
        if (answer.Status >= 400)
        {
            answer.Refused(answer.Status, answer.Status switch { 401 => "UNAUTHORIZED", 403 => "FORBIDDEN", _ => "NOT_FOUND" });
        }
    }

    /// <summary>The parameter GenerationPath stands for a generation.</summary>
    private static string PathOf(OpenApiOperation operation)
    {
        if (Paths.TryGetValue(operation.Id, out var path))
        {
            return path;
        }

        var parameters = operation.Element.TryGetProperty("parameters", out var list)
            ? list.EnumerateArray().Select(one => one.TryGetProperty("$ref", out var name) ? name.GetString()!.Split('/')[^1] : "").ToList()
            : [];
        var things = new Queue<string>(parameters.Where(name => name.EndsWith("Path", StringComparison.Ordinal)).Select(name => $"{{{name[..^4].ToLowerInvariant()}}}"));
        return Parameter().Replace(operation.Path, _ => things.Dequeue()) + (parameters.Contains("WorkspaceQuery") ? "?workspaceId={workspace}" : "");
    }

    private static string? BodyOf(OpenApiOperation operation)
    {
        if (Bodies.TryGetValue(operation.Id, out var body) || !operation.Element.TryGetProperty("requestBody", out var documented))
        {
            return body;
        }

        var json = Documents.Json(documented);
        return (json.TryGetProperty("example", out var only) ? only : json.GetProperty("examples").EnumerateObject().First().Value.GetProperty("value")).GetRawText();
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();
}
