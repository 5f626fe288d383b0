using Billing.Api.Balances;
using Billing.Api.Tests.Telemetry;
using Billing.Engine.Ports;
using Billing.InMemory;

namespace Billing.Api.Tests.RateLimits;

/// <summary>Answers that fail after the request was counted.</summary>
public sealed class FailedAnswerTests
{
    [Theory]
    [InlineData(true, 503)]
    [InlineData(false, 500)]
    public async Task They_say_how_the_limit_stands(bool storage, int status)
    {
        await using var backstage = new Backstage();
        var (_, key) = await backstage.OpenAsync("bloom");
        backstage.Store.BeforeRead = read => read.Kind != StoreReadKind.List ? Task.CompletedTask
            : throw (storage ? new StorageUnavailableException("The page could not be read.") : new InvalidOperationException("A bug."));

        var response = await backstage.AskAsync(GetHistory.Endpoint, key);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(("120", "119"), ((string?)response.Headers["X-RateLimit-Limit"], (string?)response.Headers["X-RateLimit-Remaining"]));
        Assert.Equal("\"per-key\";q=120;w=60", (string?)response.Headers["RateLimit-Policy"]);
    }
}
