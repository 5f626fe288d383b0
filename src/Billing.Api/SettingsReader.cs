using System.Collections.Immutable;
using System.Net;
using Billing.Api.Callers;
using Microsoft.Extensions.Configuration;

namespace Billing.Api;

/// <summary>Reads what a deployment configures and notes all that is wrong with it. On a developer's machine keys and storage have defaults.</summary>
internal sealed class SettingsReader(IConfiguration configuration, bool development)
{
    // 24 random letters and digits are more than anybody can try.
    private const int ShortestKey = 24;

    // As long as what HMAC-SHA256 makes of it.
    private const int ShortestSigningKey = 32;

    private const string Unresolved = "@Microsoft.KeyVault(";

    // They stand in a public repository.
    private static readonly string[] DevelopmentKeys = ["dev-service-key", "dev-operator-key", "dev-signing-key-0123456789abcdef0123456789abcdef"];
    private readonly List<string> _mistakes = [];

    /// <exception cref="SettingsException">Something is missing or wrong.</exception>
    public BillingSettings Read()
    {
        var settings = new BillingSettings
        {
            ServiceKeys = Secrets(Keys(configuration, "Billing:ServiceKeys"), "Billing:ServiceKeys", ShortestKey, DevelopmentKeys[0], "what the seller's generation service sends"),
            ServiceKeyProducts = Bindings(),
            OperatorKeys = Secrets(Keys(configuration, "Billing:OperatorKeys"), "Billing:OperatorKeys", ShortestKey, DevelopmentKeys[1], "what the seller's operators send"),
            SigningKeys = Secrets(Keys(configuration, "Billing:SigningKeys"), "Billing:SigningKeys", ShortestSigningKey, DevelopmentKeys[2], "what signs sessions and quotes"),
            CatalogFolder = configuration["Billing:Catalogs"] is { Length: > 0 } folder ? Path.GetFullPath(folder, AppContext.BaseDirectory) : null,
            PublicUrl = Url(configuration["Billing:PublicUrl"]),
            TrustedProxies = Proxies(),
            ClientAddressHeader = Header(configuration["Billing:ClientAddressHeader"]),
            TestClock = Clock(configuration["Billing:TestClock"]),
            Shards = new ShardReader(configuration, development, Wrong).Read(),
            TablePrefix = configuration["Billing:TablePrefix"] ?? "",
            QueuePrefix = configuration["Billing:QueuePrefix"] ?? "",
            Development = development,
        };
        CheckTogether(settings);
        return _mistakes.Count == 0 ? settings : throw new SettingsException([.. _mistakes]);
    }

    private void CheckTogether(BillingSettings settings)
    {
        if (settings.CatalogFolder is { } folder && !Directory.Exists(folder))
        {
            Wrong("Billing__Catalogs", $"names the folder {folder}, which is not there");
        }

        if (settings.ServiceKeys.Concat(settings.OperatorKeys).Concat(settings.SigningKeys).GroupBy(key => key).Any(same => same.Count() > 1))
        {
            Wrong("Billing__ServiceKeys, Billing__OperatorKeys, Billing__SigningKeys", "hold the same key twice; a key must not be good for anything else, too");
        }
    }

    private static ImmutableArray<(string Name, string Value)> Keys(IConfiguration configuration, string name) =>
        [.. configuration.GetSection(name).GetChildren().Where(child => child.Value is { Length: > 0 }).Select(child => (child.Path, child.Value!))];

    private ImmutableArray<string> Secrets(ImmutableArray<(string Name, string Value)> keys, string name, int shortest, string otherwise, string purpose)
    {
        if (keys.IsEmpty)
        {
            if (development)
            {
                return [otherwise];
            }

            Wrong($"{name}:0", $"is missing: {purpose}, at least {shortest} random characters. There is no default");
        }

        foreach (var (one, value) in keys)
        {
            if (MistakeIn(value, shortest) is { } wrong)
            {
                Wrong(one, wrong);
            }
        }

        return [.. keys.Select(key => key.Value)];
    }

    /// <summary>What binds service keys to products. A binding that says nothing binds to nothing, so it must not be there.</summary>
    private ImmutableDictionary<string, ProductBinding> Bindings()
    {
        var bound = ImmutableDictionary.CreateBuilder<string, ProductBinding>();
        foreach (var key in configuration.GetSection("Billing:ServiceKeys").GetChildren())
        {
            var section = key.GetSection("Products");
            ImmutableArray<string> products = [.. Listed(section.Value, section)];
            if (section.Exists() && (key.Value is not { Length: > 0 } || products.IsEmpty))
            {
                Wrong(section.Path, products.IsEmpty ? "names no product; without this setting the key reaches all" : "is there, and the key that it binds is not");
            }
            else if (section.Exists())
            {
                bound[key.Value!] = new ProductBinding(Shown(section.Path), products);
            }
        }

        return bound.ToImmutable();
    }

    /// <summary>What is separated by commas, in one setting or in several that are numbered.</summary>
    private static IEnumerable<string> Listed(string? text, IConfigurationSection list) => list.GetChildren().Select(child => child.Value).Prepend(text)
        .SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    // What a wrong key says is told nowhere: the log is no place for it.
    private string? MistakeIn(string key, int shortest) =>
        key.StartsWith(Unresolved, StringComparison.OrdinalIgnoreCase) ? "is a Key Vault reference that was not resolved: see whether the secret exists and the app's identity may read it"
        : !key.All(character => character is > ' ' and <= '~') ? "must be made of printable ASCII characters without spaces, as a header takes them"
        : development ? null
        : DevelopmentKeys.Contains(key) ? "is the key for development, which everybody knows"
        : key.Length < shortest || key.Distinct().Count() < shortest / 4 ? $"is too easy to guess: it has {Counted.Of(key.Length, "character")}, {key.Distinct().Count()} of them different; take at least {shortest} random ones"
        : null;

    private ImmutableArray<IPNetwork> Proxies()
    {
        var networks = ImmutableArray.CreateBuilder<IPNetwork>();
        foreach (var text in Listed(configuration["Billing:TrustedProxies"], configuration.GetSection("Billing:TrustedProxies")))
        {
            if (ClientAddresses.ReadNetwork(text) is { } network)
            {
                networks.Add(network);
            }
            else
            {
                Wrong("Billing__TrustedProxies", $"'{text}' is neither an IP address nor a network such as 10.0.0.0/8");
            }
        }

        return networks.ToImmutable();
    }

    private string? Url(string? text)
    {
        if (text is not { Length: > 0 })
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" && url.PathAndQuery == "/")
        {
            return url.GetLeftPart(UriPartial.Authority);
        }

        Wrong("Billing__PublicUrl", $"'{text}' is no address such as https://billing.example.org");
        return null;
    }

    private string Header(string? name)
    {
        if (name is not { Length: > 0 })
        {
            return "X-Forwarded-For";
        }

        if (!name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'))
        {
            Wrong("Billing__ClientAddressHeader", $"'{name}' is no name of a header such as X-Forwarded-For");
        }

        return name;
    }

    private DateTimeOffset? Clock(string? text)
    {
        if (text is not { Length: > 0 })
        {
            return null;
        }

        if (!development)
        {
            Wrong("Billing__TestClock", "is for development only");
        }
        else if (Instants.TryParse(text, out var at))
        {
            return at;
        }
        else
        {
            Wrong("Billing__TestClock", Instants.MustBe);
        }

        return null;
    }

    private void Wrong(string name, string message) => _mistakes.Add($"{Shown(name)} {message}.");

    private static string Shown(string name) => name.Replace(":", "__", StringComparison.Ordinal);
}
