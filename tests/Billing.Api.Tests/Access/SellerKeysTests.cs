using Billing.Api.Callers;
using Billing.Api.Tests.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Logging;

namespace Billing.Api.Tests.Access;

/// <summary>Service and operator keys follow a configuration that is read again.</summary>
public sealed class SellerKeysTests : IDisposable
{
    private const string First = "sk_service_first_0123456789abcdef";
    private const string Second = "sk_service_second_0123456789abcdef";
    private const string Operator = "sk_operator_first_0123456789abcdef";
    private readonly Listening _listening = new(default);
    private readonly ILoggerFactory _loggers;
    private readonly MemoryConfigurationSource _source = new();
    private readonly IConfigurationRoot _configuration;

    public SellerKeysTests()
    {
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(_listening));
        _configuration = new ConfigurationBuilder().Add(_source).Build();
        Change("AzureWebJobsStorage", "UseDevelopmentStorage=true");
        Change("Billing:ServiceKeys:0", First);
        Change("Billing:OperatorKeys:0", Operator);
        Change("Billing:SigningKeys:0", "signing_0123456789abcdef0123456789abcdef");
    }

    [Fact]
    public void A_new_key_works_and_the_one_that_it_replaces_does_not()
    {
        using var keys = Start();
        Change("Billing:ServiceKeys:0", Second);
        Change("Billing:OperatorKeys:0", "sk_operator_second_0123456789abcdef");
        Assert.NotNull(keys.FindService(First));
        _configuration.Reload();

        Assert.Equal((true, false), (keys.FindService(Second) is not null, keys.FindService(First) is not null));
        Assert.Equal((true, false), (keys.IsOperator("sk_operator_second_0123456789abcdef"), keys.IsOperator(Operator)));
        Assert.Equal([(6, "KeysExchanged")], Logged());
    }

    [Fact]
    public void Two_keys_work_beside_each_other_until_one_is_taken_out()
    {
        using var keys = Start();
        Change("Billing:ServiceKeys:1", Second);
        _configuration.Reload();
        Assert.True(keys.FindService(First) is not null && keys.FindService(Second) is not null);

        Change("Billing:ServiceKeys:0", "");
        _configuration.Reload();
        Assert.True(keys.FindService(First) is null && keys.FindService(Second) is not null);
    }

    [Fact]
    public void What_a_key_is_bound_to_changes_with_it()
    {
        using var keys = Start();
        Assert.True(keys.FindService(First)!.Includes("bluma"));
        Change("Billing:ServiceKeys:0:Products", "bloom");
        _configuration.Reload();
        Assert.Equal((true, false), (keys.FindService(First)!.Includes("bloom"), keys.FindService(First)!.Includes("bluma")));
    }

    [Theory]
    [InlineData("Billing:ServiceKeys:0", "short")]
    [InlineData("Billing:ServiceKeys:0", "dev-service-key")]
    [InlineData("Billing:ServiceKeys:0", Operator)]
    [InlineData("Billing:ServiceKeys:0:Products", "nonsense")]
    [InlineData("Billing:ServiceKeys:0:Products", "")]
    [InlineData("Billing:OperatorKeys:0", "")]
    [InlineData("Billing:PublicUrl", "nonsense")]
    public void A_change_to_what_cannot_be_used_keeps_the_keys_and_says_so(string setting, string value)
    {
        using var keys = Start();
        Change("Billing:ServiceKeys:1", Second);
        var before = Change(setting, value);
        _configuration.Reload();

        Assert.Equal((true, false, true), (keys.FindService(First) is not null, keys.FindService(Second) is not null, keys.IsOperator(Operator)));
        Assert.Equal([(7, "KeysKept")], Logged());
        Assert.DoesNotContain(_listening.Log, line => line.Text.Contains(First, StringComparison.Ordinal) || line.Text.Contains(Second, StringComparison.Ordinal));

        // Mended, it is taken.
        Change(setting, before);
        _configuration.Reload();
        Assert.NotNull(keys.FindService(Second));
        Assert.Equal([(7, "KeysKept"), (6, "KeysExchanged")], Logged());
    }

    [Fact]
    public void A_file_that_is_half_written_locks_nobody_out()
    {
        var file = Path.Combine(Path.GetTempPath(), $"billing-{Guid.NewGuid():N}.json");
        try
        {
            Write(file, First);
            var configuration = new ConfigurationBuilder().AddConfiguration(_configuration).AddJsonFile(file).Build();
            using var keys = Start(configuration);

            File.WriteAllText(file, """{"Billing": {"ServiceKeys": [""");
            Assert.ThrowsAny<Exception>(configuration.Reload);
            Assert.NotNull(keys.FindService(First));

            Write(file, Second);
            configuration.Reload();
            Assert.Equal((true, false), (keys.FindService(Second) is not null, keys.FindService(First) is not null));
        }
        finally
        {
            File.Delete(file);
        }

        static void Write(string file, string key) => File.WriteAllText(file, "{\"Billing\": {\"ServiceKeys\": [\"" + key + "\"]}}");
    }

    [Fact]
    public void After_it_is_disposed_of_it_hears_nothing()
    {
        var keys = Start();
        keys.Dispose();
        Change("Billing:ServiceKeys:0", Second);
        _configuration.Reload();
        Assert.True(keys.FindService(First) is not null && keys.FindService(Second) is null && Logged().Length == 0);
    }

    public void Dispose()
    {
        _loggers.Dispose();
        _listening.Dispose();
    }

    private SellerKeys Start(IConfiguration? configuration = null)
    {
        var read = configuration ?? _configuration;
        return new SellerKeys(read, BillingSettings.Read(read, development: false), settings => settings.CheckProducts(["bloom", "bluma"]), _loggers.CreateLogger<SellerKeys>());
    }

    /// <returns>What it was before.</returns>
    private string? Change(string setting, string? value)
    {
        var before = _configuration[setting];
        _configuration[setting] = value;
        return before;
    }

    private (int, string)[] Logged() => [.. _listening.Log.Select(line => (line.Event.Id, line.Event.Name!))];
}
