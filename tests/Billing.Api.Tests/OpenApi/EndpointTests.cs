using System.Text.Json;
using System.Text.RegularExpressions;
using Billing.Api.Http;
using Billing.Testing.OpenApi;
using MayCall = Billing.Api.Http.Access;

namespace Billing.Api.Tests.OpenApi;

/// <summary>The document and the table of endpoints say the same.</summary>
public sealed partial class EndpointTests
{
    private static readonly string[] RateLimitHeaders = ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "RateLimit", "RateLimit-Policy"];
    private static readonly Dictionary<string, ApiEndpoint> Endpoints =
        EndpointTable.All.AddRange(EndpointTable.Development).ToDictionary(endpoint => $"{endpoint.Method} /{endpoint.Route}");

    public static TheoryData<string> Names => [.. Endpoints.Keys];

    [Fact]
    public void Every_endpoint_is_documented() => Assert.Empty(Endpoints.Keys.Except(Documented()));

    [Fact]
    public void Every_documented_operation_is_an_endpoint() => Assert.Empty(Documented().Except(Endpoints.Keys));

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_operation_id_is_its_name(string name) =>
        Assert.Equal(JsonNamingPolicy.CamelCase.ConvertName(Endpoints[name].Name), Operation(name).Id);

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_described_in_more_than_its_summary(string name)
    {
        var description = Operation(name).Element.GetProperty("description").GetString()!;
        Assert.EndsWith(".", description, StringComparison.Ordinal);
        Assert.NotEqual(Operation(name).Element.GetProperty("summary").GetString(), description.TrimEnd('.'));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_security_is_who_may_call_it(string name) =>
        Assert.Equal(Endpoints[name].Access, Documents.Credentials(Operation(name)).Aggregate(MayCall.Anyone, (access, credentials) => access | AccessOf(credentials)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_path_parameters_are_those_of_its_route(string name) => Assert.Equal(
        Placeholder().Matches(Endpoints[name].Route).Select(match => match.Groups[1].Value),
        Parameters(name).Where(parameter => parameter.GetProperty("in").ValueEquals("path")).Select(parameter => parameter.GetProperty("name").GetString()));

    [Theory]
    [MemberData(nameof(Names))]
    public void It_has_a_body_only_where_one_is_read_and_its_objects_take_no_other_fields(string name)
    {
        if (!Operation(name).Element.TryGetProperty("requestBody", out var body))
        {
            return;
        }

        var schema = Documents.Current.Resolve(body.GetProperty("content").GetProperty("application/json").GetProperty("schema"));
        var alternatives = schema.TryGetProperty("anyOf", out var choices) ? choices.EnumerateArray().Select(Documents.Current.Resolve) : [schema];
        Assert.True(Endpoints[name].TakesBody);
        Assert.All(alternatives, one => Assert.False(one.GetProperty("additionalProperties").GetBoolean()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_answers_name_the_request_and_those_to_a_key_tell_its_rate_limit(string name)
    {
        var keyed = (Endpoints[name].Access & (MayCall.Key | MayCall.Service)) != 0;
        Assert.All(Responses(name), response =>
        {
            var headers = response.Element.GetProperty("headers").EnumerateObject().Select(header => header.Name).ToList();
            Assert.Contains("X-Request-Id", headers);
            Assert.True(!keyed || response.Status == 401 || RateLimitHeaders.All(headers.Contains), $"{name} {response.Status}");
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_every_endpoint_of_its_kind_can_answer_is_documented(string name)
    {
        var endpoint = Endpoints[name];
        int[] expected =
        [
            400, 414, 431, 500,
            .. endpoint.Access == MayCall.Anyone ? Array.Empty<int>() : [401, 403, 429, 503],
            .. endpoint.TakesBody ? [413, 415] : Array.Empty<int>(),
            .. endpoint.Route.Contains('{') ? [404] : Array.Empty<int>(),
        ];
        Assert.Empty(expected.Except(Responses(name).Select(response => response.Status)));
    }

    private static IEnumerable<string> Documented() => Documents.Current.Operations.Select(operation => $"{operation.Method} {operation.Path}");

    private static OpenApiOperation Operation(string name) =>
        Documents.Current.Operations.Single(operation => $"{operation.Method} {operation.Path}" == name);

    private static IEnumerable<(int Status, JsonElement Element)> Responses(string name) => Operation(name).Element.GetProperty("responses").EnumerateObject()
        .Select(response => (int.Parse(response.Name, System.Globalization.CultureInfo.InvariantCulture), Documents.Current.Resolve(response.Value)));

    private static IEnumerable<JsonElement> Parameters(string name) =>
        Operation(name).Element.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().Select(Documents.Current.Resolve) : [];

    private static MayCall AccessOf(string schemes) => schemes switch
    {
        "apiKey" => MayCall.Key,
        "sessionToken" => MayCall.Session,
        "keySession" => MayCall.KeySession,
        "serviceKey" or "serviceKey and customerKey" or "serviceKey and customerWorkspace" or "serviceKey and customerExternalId" => MayCall.Service,
        "operatorKey" => MayCall.Operator,
        _ => throw new ArgumentOutOfRangeException(nameof(schemes), schemes, "There is no such credential."),
    };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();
}
