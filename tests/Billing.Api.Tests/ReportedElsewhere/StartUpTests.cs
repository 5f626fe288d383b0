using Billing.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Api.Tests.ReportedElsewhere;

public sealed class StartUpTests
{
    // A wrong connection string ended in the SDK's own words, which named no setting and put the key that stood there into the log.
    [Theory]
    [InlineData("c2VjcmV0LWtleS1vZi1zb21lYm9keQ")]
    [InlineData("secret-key-of-somebody;AccountName=ada")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=ada;AccountKey=secret-key-of-somebody;EndpointSuffix=core.windows.net")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=ada;EndpointSuffix=core.windows.net")]
    [InlineData("AccountKey=c2VjcmV0LWtleS1vZi1zb21lYm9keQ==")]
    [InlineData("UseDevelopmentStorage=yes")]
    public void A_wrong_connection_string_is_told_by_its_setting_and_kept_secret(string connection)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = connection,
            ["Billing:ServiceKeys:0"] = "service_key_of_the_tests",
            ["Billing:OperatorKeys:0"] = "operator_key_of_the_tests",
            ["Billing:SigningKeys:0"] = "signing_key_of_the_tests_for_sessions_and_quotes",
        }).Build();
        using var services = new ServiceCollection().AddLogging().AddBilling(configuration, development: false).BuildServiceProvider();

        var wrong = Assert.Throws<SettingsException>(services.GetRequiredService<StorageClients>).ToString();
        Assert.Contains("AzureWebJobsStorage", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", wrong, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("c2Vjc", wrong, StringComparison.Ordinal);
    }
}
