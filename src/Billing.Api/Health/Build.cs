using System.Reflection;

namespace Billing.Api.Health;

/// <summary>Which build this is, as the compiler was told.</summary>
internal static class Build
{
    // "1.0.0+6db1d956…": the SDK appends the commit.
    private static readonly string[] Parts =
        typeof(Build).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+', 2);

    public static string Version => Parts[0];

    public static string? Commit => Parts.Length == 2 ? Parts[1] : null;
}
