using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Billing.Api.Callers;

/// <summary>The keys of the seller's services and operators, as the configuration has them: where its source tells of changes, they are exchanged without a restart.</summary>
public sealed partial class SellerKeys : IDisposable
{
    private readonly IConfiguration _configuration;
    private readonly Action<BillingSettings> _check;
    private readonly ILogger<SellerKeys> _logger;
    private readonly IDisposable _watch;
    private volatile Held _held;

    /// <summary>Begins with what was read at the start.</summary>
    /// <param name="configuration">Where later ones come from.</param>
    /// <param name="settings">As read at the start.</param>
    /// <param name="check">Throws <see cref="SettingsException"/> for settings that do not go with what is sold.</param>
    /// <param name="logger">Hears of exchanges.</param>
    public SellerKeys(IConfiguration configuration, BillingSettings settings, Action<BillingSettings> check, ILogger<SellerKeys> logger)
    {
        (_configuration, _check, _logger, _held) = (configuration, check, logger, Held.Of(settings));
        _watch = ChangeToken.OnChange(configuration.GetReloadToken, () => Exchange(settings.Development));
    }

    /// <summary>What the service with a key may reach; null when it is no service's key.</summary>
    public Reach? FindService(string key) => _held.Services.Find(key);

    /// <summary>True for an operator's key.</summary>
    public bool IsOperator(string key) => _held.Operators.Contains(key);

    /// <inheritdoc/>
    public void Dispose() => _watch.Dispose();

    // A mistake must not lock everybody out: the keys from before work on.
    private void Exchange(bool development)
    {
        try
        {
            var settings = BillingSettings.Read(_configuration, development);
            _check(settings);
            _held = Held.Of(settings);
            Log.KeysExchanged(_logger, settings.ServiceKeys.Length + settings.OperatorKeys.Length);
        }
        catch (SettingsException exception)
        {
            Log.KeysKept(_logger, exception);
        }
    }

    private sealed record Held(ServiceKeys Services, Secrets Operators)
    {
        public static Held Of(BillingSettings settings) => new(new ServiceKeys(settings.ServiceKeys, settings.ServiceKeyProducts), new Secrets(settings.OperatorKeys));
    }

    private static partial class Log
    {
        [LoggerMessage(6, LogLevel.Information, "The configuration was read again: {Count} service and operator keys work")]
        public static partial void KeysExchanged(ILogger logger, int count);

        [LoggerMessage(7, LogLevel.Error, "The configuration was changed to what cannot be used; service and operator keys are as they were")]
        public static partial void KeysKept(ILogger logger, Exception exception);
    }
}
