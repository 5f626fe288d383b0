using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Billing.Api.Http;

namespace Billing.Api.Tests.OpenApi;

/// <summary>Every refusal is documented, with its status, where it can happen.</summary>
public sealed class ErrorTests
{
    private static readonly IEnumerable<string> Codes =
        typeof(RefusalCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);

    [Fact]
    public void Every_refusal_code_is_documented() => Assert.Empty(Codes.Except(Documents.Words("ErrorCode")));

    // What answers a method that a path does not have is no operation of that path.
    [Fact]
    public void Every_documented_code_but_one_is_answered_by_an_operation() =>
        Assert.Equal([RefusalCodes.MethodNotAllowed], Documents.Words("ErrorCode").Except(Documented().SelectMany(error => error.Codes)));

    [Fact]
    public void Every_code_stands_under_its_own_status() => Assert.All(
        Documented().SelectMany(error => error.Codes.Select(code => (error.At, error.Status, Code: code))),
        error => Assert.True(Problem.StatusOf(error.Code) == error.Status, $"{error.At} has {error.Code}"));

    [Fact]
    public void Every_error_of_every_endpoint_is_a_problem_with_its_codes() => Assert.All(Documented(), error => Assert.NotEmpty(error.Codes));

    [Fact]
    public void Whoever_is_told_to_wait_is_told_how_long() => Assert.All(
        Documented().Where(error => error.Status is 429 or 503),
        error =>
        {
            Assert.Contains("Retry-After", error.Response.GetProperty("headers").EnumerateObject().Select(header => header.Name));
            Assert.Contains("retryAfter", Documents.Required(Documents.Narrowed(error.Response)));
        });

    private static IEnumerable<(string At, int Status, JsonElement Response, string[] Codes)> Documented() =>
        from operation in Documents.Current.Operations
        from response in operation.Element.GetProperty("responses").EnumerateObject()
        let status = int.Parse(response.Name, CultureInfo.InvariantCulture)
        where status >= 400
        let resolved = Documents.Current.Resolve(response.Value)
        select ($"{operation.Id} {status}", status, resolved, Documents.Codes(resolved).ToArray());
}
