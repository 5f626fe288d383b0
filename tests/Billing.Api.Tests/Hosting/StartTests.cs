using Billing.Accounts;
using Billing.Api.Callers;
using Billing.Api.Quotes;
using Billing.Api.Tests.Worlds;
using Billing.Engine.Directories;
using Billing.InMemory;
using Billing.Testing;
using Microsoft.Extensions.Configuration;

namespace Billing.Api.Tests.Hosting;

/// <summary>Production is hard to set up wrongly.</summary>
public sealed class StartTests
{
    private static readonly Dictionary<string, string?> Good = new()
    {
        ["Billing:ServiceKeys:0"] = "service_key_of_the_tests",
        ["Billing:OperatorKeys:0"] = "operator_key_of_the_tests",
        ["Billing:SigningKeys:0"] = "signing_key_of_the_tests_for_sessions_and_quotes",
        ["AzureWebJobsStorage:accountName"] = "stbilling",
    };

    [Fact]
    public void All_that_is_missing_is_told_at_once_and_by_name()
    {
        var wrong = Assert.Throws<SettingsException>(() => BillingSettings.Read(new ConfigurationBuilder().Build(), development: false));
        string[] names = ["Billing__ServiceKeys__0", "Billing__OperatorKeys__0", "Billing__SigningKeys__0", "AzureWebJobsStorage__accountName"];
        Assert.Equal(names, wrong.Mistakes.Select(mistake => mistake.Split(' ')[0]));
        Assert.All(names, name => Assert.Contains(name, wrong.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void On_a_developers_machine_keys_and_storage_have_defaults()
    {
        var settings = BillingSettings.Read(new ConfigurationBuilder().Build(), development: true);
        Assert.Equal(("dev-service-key", "dev-operator-key", "UseDevelopmentStorage=true"), (settings.ServiceKeys.Single(), settings.OperatorKeys.Single(), settings.Shards.Accounts.Single().ConnectionString));
        Assert.Single(settings.SigningKeys);
    }

    [Theory]
    [InlineData("Billing:OperatorKeys:0", "k", "has 1 character,")]
    [InlineData("Billing:OperatorKeys:1", "k", "has 1 character,")]
    [InlineData("Billing:ServiceKeys:0", "23 characters are short", "printable ASCII")]
    [InlineData("Billing:ServiceKeys:0", "23_characters_are_short", "has 23 characters")]
    [InlineData("Billing:ServiceKeys:0", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "1 of them different")]
    [InlineData("Billing:ServiceKeys:0", "schlüssel_des_dienstes_der_tests", "printable ASCII")]
    [InlineData("Billing:SigningKeys:0", "signing_key_of_the_tests_is_too", "has 31 characters")]
    [InlineData("Billing:SigningKeys:0", "dev-signing-key-0123456789abcdef0123456789abcdef", "everybody knows")]
    [InlineData("Billing:SigningKeys:1", "@Microsoft.KeyVault(VaultName=kv;SecretName=signing-key)", "was not resolved")]
    public void A_key_that_can_be_guessed_ends_the_start_and_is_not_repeated(string name, string value, string why)
    {
        var wrong = Assert.Throws<SettingsException>(() => Read((name, value)));
        Assert.StartsWith(name.Replace(":", "__", StringComparison.Ordinal) + " ", Assert.Single(wrong.Mistakes), StringComparison.Ordinal);
        Assert.Contains(why, wrong.Message, StringComparison.Ordinal);
        Assert.True(value.Length == 1 || !wrong.Message.Contains(value, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Billing:ServiceKeys:1", "operator_key_of_the_tests")]
    [InlineData("Billing:SigningKeys:1", "service_key_of_the_tests_as_one_that_signs")]
    public void One_key_is_good_for_one_thing(string name, string value)
    {
        var wrong = Assert.Throws<SettingsException>(() => Read((name, value), ("Billing:ServiceKeys:0", "service_key_of_the_tests_as_one_that_signs")));
        Assert.Contains("the same key twice", Assert.Single(wrong.Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_key_may_be_bound_to_products_by_a_list_or_several_settings()
    {
        var settings = Read(
            ("Billing:ServiceKeys:0:Products", "bloom, gleam"),
            ("Billing:ServiceKeys:1", "another_service_key_of_the_tests"), ("Billing:ServiceKeys:1:Products:0", "bluma"), ("Billing:ServiceKeys:1:Products:1", "gleam"),
            ("Billing:ServiceKeys:2", "a_third_service_key_of_the_tests"));
        var keys = new ServiceKeys(settings.ServiceKeys, settings.ServiceKeyProducts);
        Assert.Equal("bloom gleam, bluma gleam, all", string.Join(", ", settings.ServiceKeys.Select(key => keys.Find(key)!.Products is { } products ? string.Join(' ', products) : "all")));
        Assert.Null(keys.Find("operator_key_of_the_tests"));
        settings.CheckProducts(["bloom", "bluma", "gleam"]);
        var wrong = Assert.Throws<SettingsException>(() => settings.CheckProducts(["bluma", "gleam"]));
        Assert.Equal("Billing__ServiceKeys__0__Products names the product 'bloom', which is none of bluma, gleam.", Assert.Single(wrong.Mistakes));
    }

    [Theory]
    [InlineData("Billing:ServiceKeys:0:Products", "", "names no product")]
    [InlineData("Billing:ServiceKeys:0:Products", " , ", "names no product")]
    [InlineData("Billing:ServiceKeys:1:Products", "bloom", "the key that it binds is not")]
    public void A_binding_that_binds_nothing_ends_the_start(string name, string value, string why)
    {
        var mistake = Assert.Single(Assert.Throws<SettingsException>(() => Read((name, value))).Mistakes);
        Assert.StartsWith(name.Replace(":", "__", StringComparison.Ordinal) + " ", mistake, StringComparison.Ordinal);
        Assert.Contains(why, mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_shard_named_there_is_one_and_it_is_the_Functions_hosts()
    {
        var shards = Read().Shards;
        Assert.Equal((new ShardAccount("AzureWebJobsStorage:accountName", null, "stbilling"), 0), (Assert.Single(shards.Accounts), shards.Directory));
        Assert.Equal("1", string.Join(' ', shards.Map.Weights));
    }

    [Fact]
    public void Shards_are_named_by_connection_string_or_account_and_weighed()
    {
        var shards = Read(
            ("Billing:Shards:0", ""), ("Billing:Shards:1", "UseDevelopmentStorage=true"), ("Billing:Shards:2", "stbillingtwo"), ("Billing:Shards:3:accountName", "stbillingthree"), ("Billing:Shards:3:credential", "managedidentity"),
            ("Billing:ShardWeights:0", "0"), ("Billing:ShardWeights:3", "5"), ("Billing:DirectoryShard", "2")).Shards;
        Assert.Equal(["stbilling", "UseDevelopmentStorage=true", "stbillingtwo", "stbillingthree"], shards.Accounts.Select(account => account.AccountName ?? account.ConnectionString));
        Assert.Equal("0 1 1 5", string.Join(' ', shards.Map.Weights));
        Assert.Equal(2, shards.Directory);
        Assert.Equal("stbillingzero", Read(("Billing:Shards:0", "stbillingzero")).Shards.Accounts.Single().AccountName);
    }

    [Theory]
    [InlineData("Billing:Shards:2", "stbillingtwo", "Billing__Shards__1 is missing")]
    [InlineData("Billing:Shards:1", "stbilling", "Billing__Shards__1 names the same account as AzureWebJobsStorage__accountName")]
    [InlineData("Billing:Shards:1", "St_Billing", "Billing__Shards__1 is neither")]
    [InlineData("Billing:Shards:32", "stbillingone", "Billing__Shards__32 is no number")]
    [InlineData("Billing:Shards:one", "stbillingone", "Billing__Shards__one is no number")]
    [InlineData("Billing:ShardWeights:0", "0", "Billing__ShardWeights are all 0")]
    [InlineData("Billing:ShardWeights:0", "-1", "Billing__ShardWeights__0 must be a whole number")]
    [InlineData("Billing:ShardWeights:0", "1001", "Billing__ShardWeights__0 must be a whole number")]
    [InlineData("Billing:ShardWeights:1", "1", "Billing__ShardWeights__1 weighs a shard that is not there")]
    [InlineData("Billing:DirectoryShard", "1", "Billing__DirectoryShard must be the number of a shard")]
    [InlineData("Billing:DirectoryShard", "x", "Billing__DirectoryShard must be the number of a shard")]
    public void A_wrong_shard_ends_the_start_and_is_named(string name, string value, string mistake) =>
        Assert.StartsWith(mistake, Assert.Single(Assert.Throws<SettingsException>(() => Read((name, value))).Mistakes), StringComparison.Ordinal);

    [Fact]
    public void A_shards_connection_string_that_is_none_is_not_repeated()
    {
        var settings = Read(("Billing:Shards:1", "AccountKey=secret"));
        var mistake = Assert.Single(Assert.Throws<SettingsException>(() => settings.Shards.Connect(settings)).Mistakes);
        Assert.Equal("Billing__Shards__1 is not the connection string of a storage account.", mistake);
    }

    [Fact]
    public void A_signing_key_of_its_own_outlives_the_operators_keys()
    {
        var quote = QuoteOf(Read());
        Assert.NotNull(new QuoteTokens(Read(("Billing:OperatorKeys:0", "another_key_of_the_operators")).SigningKeys).Find(quote));
    }

    [Fact]
    public async Task The_first_signing_key_signs_and_all_of_them_verify()
    {
        const string Next = "next_signing_key_of_the_tests_for_sessions_and_quotes";
        var (former, announced, exchanged) = (Read(), Read(("Billing:SigningKeys:1", Next)), Read(("Billing:SigningKeys:0", Next), ("Billing:SigningKeys:1", Good["Billing:SigningKeys:0"]!)));
        var done = Read(("Billing:SigningKeys:0", Next));
        Assert.Equal([true, true, true, false], new[] { former, announced, exchanged, done }.Select(one => new QuoteTokens(one.SigningKeys).Find(QuoteOf(former)) is not null));
        Assert.Equal([false, true, true, true], new[] { former, announced, exchanged, done }.Select(one => new QuoteTokens(one.SigningKeys).Find(QuoteOf(exchanged)) is not null));
        var directory = new SessionDirectory(new InMemoryTableStore());
        var now = TimeProvider.System.GetUtcNow();
        var session = new Session(Ids.TimeOrdered(now, [1, 2, 3, 4, 5]), now);
        using var signing = new Sessions(exchanged.SigningKeys, directory, TimeProvider.System, new CacheTime(TimeProvider.System));
        var (token, _) = await signing.BeginAsync("acct_0123456789abcdef", session, default);
        foreach (var (settings, verifies) in new[] { (former, false), (announced, true), (exchanged, true), (done, true) })
        {
            using var sessions = new Sessions(settings.SigningKeys, directory, TimeProvider.System, new CacheTime(TimeProvider.System));
            Assert.Equal(verifies, await sessions.FindAsync(token, default) is not null);
        }
    }

    [Fact]
    public async Task What_is_wrong_ends_the_process_without_a_stack_trace()
    {
        var settings = new Dictionary<string, string>((await World.Shared).Settings) { ["ASPNETCORE_ENVIRONMENT"] = "Production", ["Billing__OperatorKeys__0"] = "k" };
        settings.Remove("Billing__TestClock");
        settings.Remove("Billing__ServiceKeys__0");
        var failure = (await Assert.ThrowsAsync<InvalidOperationException>(() => HostProcess.StartAsync(settings))).Message;
        Assert.All(["Billing__ServiceKeys__0", "Billing__OperatorKeys__0", "Billing__SigningKeys__0"], name => Assert.Contains(name, failure, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", failure, StringComparison.Ordinal);
    }

    private static string QuoteOf(BillingSettings settings) => new QuoteTokens(settings.SigningKeys)
        .Sign(new Quote("ws_0123456789abcdef", System.Collections.Immutable.ImmutableSortedDictionary<string, Scalar>.Empty, 1, Credits.Of(1), [], "prices-1", DateTimeOffset.UnixEpoch));

    private static BillingSettings Read(params (string Name, string Value)[] more) => BillingSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(Good).AddInMemoryCollection(more.Select(one => KeyValuePair.Create(one.Name, (string?)one.Value))).Build(),
        development: false);
}
