using System.Collections.Immutable;

namespace Billing.Api;

/// <summary>The program does not start: settings are missing or wrong. The message names all of them, for whoever reads the log.</summary>
public sealed class SettingsException(ImmutableArray<string> mistakes)
    : InvalidOperationException(string.Join("\n  ", mistakes.Prepend("Not started, for the settings are not complete or not right:")))
{
    /// <summary>Each begins with the setting's name.</summary>
    public ImmutableArray<string> Mistakes => mistakes;
}
