using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Billing.Api.Callers;
using Microsoft.Extensions.Configuration;

namespace Billing.Api;

/// <summary>What a deployment configures, read and checked once at start-up.</summary>
public sealed record BillingSettings
{
    /// <summary>Keys of the seller's generation service: <c>Billing:ServiceKeys:0</c> …</summary>
    public required ImmutableArray<string> ServiceKeys { get; init; }

    /// <summary>Keys of the seller's operators: <c>Billing:OperatorKeys:0</c> …</summary>
    public required ImmutableArray<string> OperatorKeys { get; init; }

    /// <summary>Signs sessions and quotes: <c>Billing:SigningKey</c>; without it, it is made from the first operator key, so that all instances have the same.</summary>
    public required byte[] SigningKey { get; init; }

    /// <summary>A folder of catalog files that takes the place of the shipped ones: <c>Billing:Catalogs</c>, absolute or from the app's folder.</summary>
    public string? CatalogFolder { get; init; }

    /// <summary>Where customers reach this app, for links in answers: <c>Billing:PublicUrl</c>; without it, whatever the request was sent to.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Proxies whose word on the client's address is taken, besides loopback: <c>Billing:TrustedProxies</c>, separated by commas or as a list.</summary>
    public ImmutableArray<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>The header in which they say it: <c>Billing:ClientAddressHeader</c>.</summary>
    public string ClientAddressHeader { get; init; } = "X-Forwarded-For";

    /// <summary>Where the development clock stands still: <c>Billing:TestClock</c>.</summary>
    public DateTimeOffset? TestClock { get; init; }

    /// <summary>Storage by connection string (development): <c>AzureWebJobsStorage</c>.</summary>
    public string? StorageConnection { get; init; }

    /// <summary>Storage by identity: <c>AzureWebJobsStorage:accountName</c>.</summary>
    public string? StorageAccount { get; init; }

    /// <summary>Put before each table's name, so that several backends share a storage account: <c>Billing:TablePrefix</c>. Letters and digits.</summary>
    public string TablePrefix { get; init; } = "";

    /// <summary>Put before each queue's name: <c>Billing:QueuePrefix</c>. Lower-case letters, digits and single dashes.</summary>
    public string QueuePrefix { get; init; } = "";

    /// <summary>True on a developer's machine.</summary>
    public required bool Development { get; init; }

    /// <summary>Reads and checks the configuration.</summary>
    /// <exception cref="InvalidOperationException">Something is missing or wrong; the message says what to set.</exception>
    public static BillingSettings Read(IConfiguration configuration, bool development)
    {
        var serviceKeys = Keys(configuration, "Billing:ServiceKeys");
        var operatorKeys = Keys(configuration, "Billing:OperatorKeys");
        if (serviceKeys.Intersect(operatorKeys).Any())
        {
            throw new InvalidOperationException("A service key must not be an operator key, too.");
        }

        return new BillingSettings
        {
            ServiceKeys = serviceKeys,
            OperatorKeys = operatorKeys,
            SigningKey = Encoding.UTF8.GetBytes(configuration["Billing:SigningKey"] is { Length: > 0 } key ? key : Derived(operatorKeys[0])),
            CatalogFolder = configuration["Billing:Catalogs"] is { Length: > 0 } folder ? Path.GetFullPath(folder, AppContext.BaseDirectory) : null,
            PublicUrl = Url(configuration["Billing:PublicUrl"]),
            TrustedProxies = Proxies(configuration),
            ClientAddressHeader = Header(configuration["Billing:ClientAddressHeader"]),
            TestClock = Clock(configuration["Billing:TestClock"], development),
            StorageConnection = configuration["AzureWebJobsStorage"],
            StorageAccount = configuration["AzureWebJobsStorage:accountName"],
            TablePrefix = configuration["Billing:TablePrefix"] ?? "",
            QueuePrefix = configuration["Billing:QueuePrefix"] ?? "",
            Development = development,
        };
    }

    private static ImmutableArray<string> Keys(IConfiguration configuration, string name)
    {
        var keys = configuration.GetSection(name).GetChildren().Select(child => child.Value).OfType<string>().Where(value => value.Length > 0).ToImmutableArray();
        return !keys.IsEmpty ? keys : throw new InvalidOperationException($"Set {name.Replace(":", "__", StringComparison.Ordinal)}__0: there is no default.");
    }

    private static ImmutableArray<IPNetwork> Proxies(IConfiguration configuration) =>
    [
        .. configuration.GetSection("Billing:TrustedProxies").GetChildren().Select(child => child.Value).Prepend(configuration["Billing:TrustedProxies"])
            .SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(text => ClientAddresses.ReadNetwork(text)
                ?? throw new InvalidOperationException($"Billing__TrustedProxies: '{text}' is neither an IP address nor a network such as 10.0.0.0/8.")),
    ];

    private static string? Url(string? text) => text is not { Length: > 0 } ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" && url.PathAndQuery == "/" ? url.GetLeftPart(UriPartial.Authority)
        : throw new InvalidOperationException($"Billing__PublicUrl: '{text}' is no address such as https://billing.example.org.");

    private static string Header(string? name) => name is not { Length: > 0 } ? "X-Forwarded-For"
        : name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_') ? name
        : throw new InvalidOperationException($"Billing__ClientAddressHeader: '{name}' is no name of a header such as X-Forwarded-For.");

    private static string Derived(string operatorKey) =>
        Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(operatorKey), 32, info: Encoding.UTF8.GetBytes("signing key")));

    private static DateTimeOffset? Clock(string? text, bool development)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return !development ? throw new InvalidOperationException("Billing__TestClock is for development only.")
            : Instants.TryParse(text, out var at) ? at
            : throw new InvalidOperationException($"Billing__TestClock {Instants.MustBe}.");
    }
}
