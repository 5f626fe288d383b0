using System.Collections.Immutable;
using System.Globalization;
using Azure.Core;
using Azure.Identity;
using Billing.Storage;
using Microsoft.Extensions.Configuration;

namespace Billing.Api;

/// <summary>The storage account of one shard.</summary>
/// <param name="Setting">The setting that names it.</param>
/// <param name="ConnectionString">Its connection string (development); null where an identity reaches it.</param>
/// <param name="AccountName">Its name, for an identity.</param>
public sealed record ShardAccount(string Setting, string? ConnectionString, string? AccountName);

/// <summary>Which storage accounts there are, and what lies in which.</summary>
/// <param name="Accounts">By the number of their shard.</param>
/// <param name="Map">How new workspaces are spread over them.</param>
/// <param name="Directory">The shard that holds accounts, keys and the seller's ids.</param>
public sealed record ShardSettings(ImmutableArray<ShardAccount> Accounts, ShardMap Map, int Directory)
{
    /// <summary>Connects to all of them.</summary>
    /// <param name="settings">What they have in common.</param>
    /// <exception cref="SettingsException">A connection string is none.</exception>
    public StorageClients Connect(BillingSettings settings)
    {
        var identity = new Lazy<TokenCredential>(() => new DefaultAzureCredential());
        ImmutableArray<StorageOptions> options = [.. Accounts.Select(account => OptionsOf(account, settings, identity))];
        try
        {
            return new StorageClients(options, Directory);
        }
        catch (Exception exception) when (IsUnreadable(exception) && Accounts.Zip(options).FirstOrDefault(one => !CanConnect(one.Second)).First is { } wrong)
        {
            // The SDK does not know which setting it reads, and repeats what it could not read: the log is no place for a key.
            throw new SettingsException([$"{wrong.Setting.Replace(":", "__", StringComparison.Ordinal)} is not the connection string of a storage account."]);
        }
    }

    private static bool IsUnreadable(Exception exception) => exception is ArgumentException or FormatException or InvalidOperationException;

    private static bool CanConnect(StorageOptions options)
    {
        try
        {
            new StorageClients(options).Dispose();
            return true;
        }
        catch (Exception exception) when (options.ConnectionString is not null && IsUnreadable(exception))
        {
            return false;
        }
    }

    private static StorageOptions OptionsOf(ShardAccount account, BillingSettings settings, Lazy<TokenCredential> identity) => new()
    {
        ConnectionString = account.ConnectionString,
        AccountName = account.AccountName,
        Credential = account.ConnectionString is null ? identity.Value : null,
        TablePrefix = settings.TablePrefix,
        QueuePrefix = settings.QueuePrefix,
    };
}

/// <summary>Reads which storage accounts there are.</summary>
/// <param name="configuration">What a deployment configures.</param>
/// <param name="development">Whether the emulator is meant where no account is named.</param>
/// <param name="wrong">Notes what is wrong with a setting.</param>
internal sealed class ShardReader(IConfiguration configuration, bool development, Action<string, string> wrong)
{
    public ShardSettings Read()
    {
        var accounts = Accounts();
        return new ShardSettings(accounts, new ShardMap(WeightsOf(accounts.Length)), DirectoryOf(accounts.Length));
    }

    private ImmutableArray<ShardAccount> Accounts()
    {
        var named = Numbered("Billing:Shards").Where(one => IsSet(one.Setting)).ToImmutableSortedDictionary(one => one.Number, one => one.Setting);
        var accounts = ImmutableArray.CreateBuilder<ShardAccount>();
        accounts.Add(named.TryGetValue(0, out var first) ? AccountOf(first) : Own());
        for (var number = 1; number <= named.Keys.LastOrDefault(); number++)
        {
            if (!named.TryGetValue(number, out var setting))
            {
                wrong($"Billing:Shards:{number}", "is missing: shards are numbered without gaps, and none may ever be left out again");
                break;
            }

            accounts.Add(AccountOf(setting));
        }

        CheckApart(accounts);
        return accounts.ToImmutable();
    }

    /// <summary>Where no first shard is named, it is the account that the Functions host has, too.</summary>
    private ShardAccount Own()
    {
        var connection = configuration["AzureWebJobsStorage"] is { Length: > 0 } text ? text : null;
        var account = configuration["AzureWebJobsStorage:accountName"] is { Length: > 0 } name ? name : null;
        if (connection is null && account is null && !development)
        {
            wrong("AzureWebJobsStorage__accountName", "is missing: the name of the storage account, reached by identity; or AzureWebJobsStorage, its connection string");
        }

        return connection is null && account is not null ? new("AzureWebJobsStorage:accountName", null, account) : new("AzureWebJobsStorage", connection ?? "UseDevelopmentStorage=true", null);
    }

    private ShardAccount AccountOf(IConfigurationSection setting)
    {
        if (setting.Value is { Length: > 0 } text && text.Contains('=', StringComparison.Ordinal))
        {
            return new ShardAccount(setting.Path, text, null);
        }

        var name = setting.Value is { Length: > 0 } bare ? bare : setting["accountName"]!;
        if (name.Length is < 3 or > 24 || !name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character)))
        {
            wrong(setting.Path, "is neither a connection string nor the name of a storage account: 3 to 24 lower-case letters and digits");
        }

        return new ShardAccount(setting.Path, null, name);
    }

    // One account under two numbers would be two shards until one of them is moved, and then lose rows.
    private void CheckApart(IReadOnlyList<ShardAccount> accounts)
    {
        foreach (var same in accounts.GroupBy(account => account.ConnectionString ?? account.AccountName).Where(same => same.Count() > 1))
        {
            wrong(same.Last().Setting, $"names the same account as {same.First().Setting.Replace(":", "__", StringComparison.Ordinal)}");
        }
    }

    private ImmutableArray<int> WeightsOf(int count)
    {
        var weights = Enumerable.Repeat(1, count).ToArray();
        foreach (var (number, setting) in Numbered("Billing:ShardWeights").Where(one => one.Setting.Value is { Length: > 0 }))
        {
            if (number >= count)
            {
                wrong(setting.Path, $"weighs a shard that is not there: there {(count == 1 ? "is 1" : $"are {count}")}");
            }
            else if (int.TryParse(setting.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var weight) && weight <= ShardMap.HighestWeight)
            {
                weights[number] = weight;
            }
            else
            {
                wrong(setting.Path, $"must be a whole number from 0 to {ShardMap.HighestWeight}");
            }
        }

        if (weights.Sum() == 0)
        {
            wrong("Billing:ShardWeights", "are all 0: no shard would take a new workspace");
        }

        return [.. weights];
    }

    private int DirectoryOf(int count)
    {
        if (configuration["Billing:DirectoryShard"] is not { Length: > 0 } text)
        {
            return 0;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < count)
        {
            return number;
        }

        wrong("Billing:DirectoryShard", $"must be the number of a shard, from 0 to {count - 1}");
        return 0;
    }

    private IEnumerable<(int Number, IConfigurationSection Setting)> Numbered(string name)
    {
        foreach (var setting in configuration.GetSection(name).GetChildren())
        {
            if (int.TryParse(setting.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < ShardMap.Most)
            {
                yield return (number, setting);
            }
            else
            {
                wrong(setting.Path, $"is no number of a shard: 0 to {ShardMap.Most - 1}");
            }
        }
    }

    private static bool IsSet(IConfigurationSection setting) => setting.Value is { Length: > 0 } || setting["accountName"] is { Length: > 0 };
}
