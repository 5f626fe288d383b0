using Billing.Accounts;
using Billing.Api.Balances;
using Billing.Keys;
using Billing.People;
using Billing.Testing;
using Billing.Writing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Api.Tests.RateLimits;

/// <summary>Answers that fail after the request was counted.</summary>
public sealed class FailedAnswerTests
{
    private const string WorkspaceId = "ws_0123456789abcdef";

    [Theory]
    [InlineData(true, 503)]
    [InlineData(false, 500)]
    public async Task They_say_how_the_limit_stands(bool storage, int status)
    {
        var ledger = new InMemoryLedger();
        await using var services = new ServiceCollection().AddLogging()
            .AddBilling(new ConfigurationBuilder().Build(), development: true)
            .AddSingleton<ILedger>(ledger)
            .AddSingleton<IDoorbell>(new InMemoryDoorbell())
            .BuildServiceProvider();
        var key = await OpenAsync(services);
        ledger.BeforeRead = read => read.Kind != LedgerReadKind.List ? Task.CompletedTask
            : throw (storage ? new StorageUnavailableException("The page could not be read.") : new InvalidOperationException("A bug."));
        var http = new DefaultHttpContext { RequestServices = services };
        http.Request.Method = "GET";
        http.Request.Headers.Authorization = $"Bearer {key}";

        await (await services.GetRequiredService<BillingApi>().HandleAsync(http, GetHistory.Endpoint)).ExecuteAsync(http);

        Assert.Equal(status, http.Response.StatusCode);
        Assert.Equal(("120", "119"), ((string?)http.Response.Headers["X-RateLimit-Limit"], (string?)http.Response.Headers["X-RateLimit-Remaining"]));
        Assert.Equal("\"per-key\";q=120;w=60", (string?)http.Response.Headers["RateLimit-Policy"]);
    }

    private static async Task<string> OpenAsync(IServiceProvider services)
    {
        await services.GetRequiredService<AccountOpener>().OpenAsync(new CreateAccount(WorkspaceId, "bloom", "Studio", WorkspaceType.Personal), default);
        await services.GetRequiredService<PeopleDirectory>().AddAsync(new Person("acct_1", "bloom", "Ada", "ada@example.com", null, WorkspaceId, DateTimeOffset.UnixEpoch), default);
        var text = KeyText.New("bloom", KeyEnvironment.Production, new byte[KeyText.RandomBytes]);
        await services.GetRequiredService<KeyDirectory>().AddAsync(
            new ApiKey
            {
                Id = text.KeyId,
                Hash = text.Hash,
                Masked = text.Masked,
                Name = "one",
                Environment = KeyEnvironment.Production,
                AccountId = "acct_1",
                HomeWorkspaceId = WorkspaceId,
                Product = "bloom",
                CreatedAt = DateTimeOffset.UnixEpoch,
            },
            default);
        return text.Reveal();
    }
}
