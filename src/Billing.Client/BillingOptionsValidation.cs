using Microsoft.Extensions.Options;

namespace Billing.Client;

/// <summary>Says all that is missing or wrong, at once. It never says a key.</summary>
internal sealed class BillingOptionsValidation<TOptions> : IValidateOptions<TOptions>
    where TOptions : BillingOptions
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        List<string> mistakes = [.. Mistakes(options).Select(mistake => $"{typeof(TOptions).Name}.{mistake}")];
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private static IEnumerable<string> Mistakes(BillingOptions options)
    {
        if (options.BaseAddress is not { IsAbsoluteUri: true, Scheme: "http" or "https" } address || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            yield return $"{nameof(options.BaseAddress)} must be an address with http or https, without a query.";
        }

        if (string.IsNullOrWhiteSpace(options.Key) || options.Key.Any(character => character is < '!' or > '~'))
        {
            yield return $"{options.KeyName} must be a key: printable ASCII characters without spaces.";
        }

        if (options.Timeout <= TimeSpan.Zero || options.Timeout > TimeSpan.FromHours(1))
        {
            yield return $"{nameof(options.Timeout)} must be above zero and at most an hour.";
        }

        if (options.MaxAttempts is < 1 or > 20)
        {
            yield return $"{nameof(options.MaxAttempts)} must be from 1 to 20.";
        }

        if (options.LongestWait < TimeSpan.Zero || options.LongestWait > TimeSpan.FromHours(1))
        {
            yield return $"{nameof(options.LongestWait)} must be from zero to an hour.";
        }

        if (options.FirstBackoff <= TimeSpan.Zero || options.FirstBackoff > TimeSpan.FromMinutes(1))
        {
            yield return $"{nameof(options.FirstBackoff)} must be above zero and at most a minute.";
        }

        if (options.Clock is null)
        {
            yield return $"{nameof(options.Clock)} must be a clock.";
        }

        if (options is BillingClientOptions client && (client.SettleWithin < TimeSpan.Zero || client.SettleWithin > TimeSpan.FromDays(1)))
        {
            yield return $"{nameof(client.SettleWithin)} must be from zero to a day.";
        }
    }
}
