using Billing.Testing;
using Microsoft.Playwright;

namespace Billing.Api.Tests.Pages.Browser;

/// <summary>One Chromium for all tests, driven by Playwright. It ends with this process.</summary>
internal static class SharedBrowser
{
    private const float Patience = 20_000;

    // Nothing but the pages is asked for anything: no updates, no accounts.
    private static readonly string[] Arguments =
        ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private static readonly Lazy<Task<IBrowser>> Running = new(StartAsync);

    /// <summary>A browser that shares no cookies, storage or cache with another test's.</summary>
    public static async Task<IBrowserContext> OpenContextAsync()
    {
        var context = await (await Running.Value).NewContextAsync(new() { Permissions = ["clipboard-read", "clipboard-write"] });
        context.SetDefaultTimeout(Patience);
        return context;
    }

    private static async Task<IBrowser> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        var playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium.Location ?? throw new InvalidOperationException(Chromium.Missing),
            ChromiumSandbox = !Environment.IsPrivilegedProcess, // Chromium has no sandbox for root
            Args = Arguments,
        });
    }
}
