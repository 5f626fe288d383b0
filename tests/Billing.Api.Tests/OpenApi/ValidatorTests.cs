using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Billing.Testing.OpenApi;

namespace Billing.Api.Tests.OpenApi;

/// <summary>Answers are held against the document.</summary>
public sealed class ValidatorTests
{
    private const string Json = "application/json; charset=utf-8";
    private const string Balance = """
        {"credits":88,"tier":"starter","monthly_allowance":100,"overage_used":0,"reset_date":"2025-12-01T00:00:00Z",
        "usage":{"total_spent":12.25,"average_per_video":2.4}}
        """;

    private const string NotFound = """
        {"type":"about:blank","title":"Not Found","status":404,"detail":"None.","code":"NOT_FOUND",
        "success":false,"error":{"message":"None.","code":404,"timestamp":"2025-11-03T10:30:00.000Z"}}
        """;

    private static readonly string NotAllowed = NotFound.Replace("404", "405", StringComparison.Ordinal)
        .Replace("NOT_FOUND", "METHOD_NOT_ALLOWED", StringComparison.Ordinal);

    [Fact]
    public void What_is_documented_passes()
    {
        Assert.Empty(Check(200, Json, Balance));
        Assert.Empty(Check(404, "application/problem+json; charset=utf-8", NotFound));
        Assert.Empty(OpenApiValidator.Shared.Validate("DELETE", "/api/v1/admin/workspaces/ws_4gk7m2q9x0b5r8td/members?account_id=acct_x", 204, null, ""));
        Assert.Empty(OpenApiValidator.Shared.Validate("GET", "/nowhere", 404, "application/problem+json", NotFound));
    }

    [Theory]
    [InlineData(200, Json, "{}", "lacks credits")]
    [InlineData(200, "text/plain", Balance, "the media type is 'text/plain'")]
    [InlineData(200, null, Balance, "the media type is ''")]
    [InlineData(200, Json, "{", "is not JSON")]
    [InlineData(201, Json, Balance, "which is not in the document")]
    [InlineData(403, "application/problem+json", NotFound, "must be 403, not 404")]
    public void What_is_not_is_reported(int status, string? contentType, string body, string mistake) =>
        Assert.Contains(mistake, string.Join('\n', Check(status, contentType, body)), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"tier\":", "\"teir\":", "$.teir is not documented")]
    [InlineData("12.25", "12.2525", "$.usage.total_spent must be a multiple of 0.001")]
    [InlineData("00Z", "00+00:00", "$.reset_date matches 0 of 2 alternatives")]
    [InlineData("88", "\"88\"", "$.credits must be number")]
    public void One_wrong_field_is_enough(string right, string wrong, string mistake) =>
        Assert.Contains(mistake, string.Join('\n', Check(200, Json, Balance.Replace(right, wrong, StringComparison.Ordinal))), StringComparison.Ordinal);

    [Fact]
    public void A_path_that_is_not_there_may_only_be_not_found()
    {
        Assert.NotEmpty(OpenApiValidator.Shared.Validate("GET", "/nowhere", 200, Json, Balance));
        Assert.NotEmpty(OpenApiValidator.Shared.Validate("PATCH", "/nowhere", 405, "application/problem+json", NotAllowed));
    }

    [Fact]
    public void Another_method_of_a_path_that_is_there_is_not_allowed()
    {
        Assert.Empty(OpenApiValidator.Shared.Validate("PATCH", "/api/v1/credits/balance", 405, "application/problem+json", NotAllowed));
        Assert.NotEmpty(OpenApiValidator.Shared.Validate("PATCH", "/api/v1/credits/balance", 404, "application/problem+json", NotFound));
        Assert.NotEmpty(OpenApiValidator.Shared.Validate("GET", "/api/v1/credits/balance", 405, "application/problem+json", NotAllowed));
    }

    [Fact]
    public void Head_is_get_without_the_body()
    {
        Assert.Empty(OpenApiValidator.Shared.Validate("HEAD", "/api/v1/credits/balance", 200, Json, ""));
        Assert.NotEmpty(OpenApiValidator.Shared.Validate("HEAD", "/api/v1/credits/balance", 200, Json, Balance));
        Assert.NotEmpty(OpenApiValidator.Shared.Validate("HEAD", "/api/v1/keys/verify", 200, Json, ""));
    }

    [Fact]
    public async Task Headers_are_looked_at()
    {
        Assert.Empty(await OpenApiValidator.Shared.ValidateAsync(Answer("0af7651916cd43dd8448eb211c80319c", "60")));
        Assert.Contains("X-Request-Id is missing", Assert.Single(await OpenApiValidator.Shared.ValidateAsync(Answer(null, "60"))), StringComparison.Ordinal);
        Assert.Contains("X-RateLimit-Remaining", Assert.Single(await OpenApiValidator.Shared.ValidateAsync(Answer("7", "-1"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_with_the_handler_gets_no_undocumented_answer()
    {
        using var right = new HttpClient(new OpenApiHandler(new Fixed(Answer("7", "60"))));
        using var wrong = new HttpClient(new OpenApiHandler(new Fixed(Answer(null, "60"))));
        Assert.Equal(Balance, await right.GetStringAsync(new Uri("http://localhost/api/v1/credits/balance")));
        await Assert.ThrowsAsync<UndocumentedAnswerException>(() => wrong.GetStringAsync(new Uri("http://localhost/api/v1/credits/balance")));
    }

    private static IReadOnlyList<string> Check(int status, string? contentType, string body) =>
        OpenApiValidator.Shared.Validate("GET", "/api/v1/credits/balance", status, contentType, body);

    private static HttpResponseMessage Answer(string? requestId, string remaining)
    {
        var answer = new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(Balance, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json")),
            RequestMessage = new HttpRequestMessage(HttpMethod.Get, "http://localhost/api/v1/credits/balance?workspaceId=x"),
        };
        answer.Headers.Add("X-RateLimit-Remaining", remaining);
        if (requestId is not null)
        {
            answer.Headers.Add("X-Request-Id", requestId);
        }

        return answer;
    }

    private sealed class Fixed(HttpResponseMessage answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer);
    }
}
