namespace Billing.Simulation.Checking;

/// <summary>What is known to be wrong and not mended yet; nothing else is left out.</summary>
internal static class KnownFaults
{
    /// <summary>
    /// True while a repeat is refused (an ended quote, a dead key, a full window) before its stored answer is looked up, live and test keys share an Idempotency-Key's scope, and
    /// X-Api-Key decides who may settle.
    /// </summary>
    public static bool RepeatsAreRefusedFirst => true;

    /// <summary>True when that excuses a refusal.</summary>
    public static bool Excuse(int status) => RepeatsAreRefusedFirst && (status is 400 or 401 or 429);
}
