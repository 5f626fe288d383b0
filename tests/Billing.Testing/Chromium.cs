namespace Billing.Testing;

/// <summary>The browser of this machine. None is ever downloaded.</summary>
public static class Chromium
{
    /// <summary>Why a test that needs it does not run.</summary>
    public const string Missing = "No Chromium is here: install Chromium or Chrome (on Debian, `apt-get install chromium`), or name one in CHROMIUM_PATH.";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "chrome.exe", "msedge.exe"];

    private static readonly string[] Folders =
    [
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        .. new[] { Environment.SpecialFolder.ProgramFiles, Environment.SpecialFolder.ProgramFilesX86, Environment.SpecialFolder.LocalApplicationData }
            .SelectMany(folder => new[] { @"Google\Chrome\Application", @"Microsoft\Edge\Application" }.Select(path => Path.Combine(Environment.GetFolderPath(folder), path))),
    ];

    private static readonly string[] Fixed =
        ["/usr/bin/chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"];

    /// <summary>Where it is; null when it was not found.</summary>
    public static string? Location { get; } = Environment.GetEnvironmentVariable("CHROMIUM_PATH") is { Length: > 0 } given
        ? given
        : Folders.SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).Concat(Fixed).FirstOrDefault(File.Exists);

    /// <summary>Why a test that needs it is skipped; null when it runs. In CI it always runs, and fails without: what is skipped there is missed by nobody.</summary>
    public static string? SkipReason { get; } = Location is null && Environment.GetEnvironmentVariable("CI") != "true" ? Missing : null;
}
