using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Billing.Api.Tests.Pages.Browser;

/// <summary>How a page looks: pictures of it, and what is wrong with it on two screens, in light and dark.</summary>
internal static class Looks
{
    // What observes sizes has run by the second frame.
    private const string Drawn = "() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); })";

    private const string TooWide = """
        () => {
          const width = document.documentElement.clientWidth;
          return document.documentElement.scrollWidth <= width ? [] : [...document.querySelectorAll('body *')]
            .filter((element) => element.getBoundingClientRect().right > width + 1)
            .slice(-3).map((element) => element.outerHTML.slice(0, 120));
        }
        """;

    // A picture shows the page's beginning, where the page is as long as the reference: nobody looks at 140,000 pixels, which take a minute to encode.
    private static readonly Clip Pictured = new() { Width = 16_000, Height = 16_000 };

    private static readonly (string Name, int Width, int Height) Desktop = ("desktop", 1280, 800);
    private static readonly (string Name, int Width, int Height) Phone = ("phone", 360, 740);

    // Colours do not depend on the width, nor the order of elements on the colours: these two see all that four would.
    private static readonly string[] Examined = ["desktop-light", "phone-dark"];

    /// <summary>Writes four pictures and answers every fault it finds, in words.</summary>
    public static async Task<IReadOnlyList<string>> LookAtAsync(IPage page, string file)
    {
        await Assertions.Expect(page.Locator("[aria-busy=true]")).ToHaveCountAsync(0);
        var faults = new List<string>();
        foreach (var screen in new[] { Desktop, Phone })
        {
            await page.SetViewportSizeAsync(screen.Width, screen.Height);
            faults.AddRange(await LookAtAsync(page, file, $"{screen.Name}-light", ColorScheme.Light));
            faults.AddRange(await LookAtAsync(page, file, $"{screen.Name}-dark", ColorScheme.Dark));
            faults.AddRange((await page.EvaluateAsync<string[]>(TooWide)).Select(element => $"{screen.Name}: wider than the screen: {element}"));
        }

        await page.SetViewportSizeAsync(Desktop.Width, Desktop.Height);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        return faults;
    }

    private static async Task<IEnumerable<string>> LookAtAsync(IPage page, string file, string look, ColorScheme colours)
    {
        await page.EmulateMediaAsync(new() { ColorScheme = colours, ReducedMotion = ReducedMotion.Reduce });
        await page.EvaluateAsync(Drawn);
        await page.ScreenshotAsync(new() { Path = $"{file}-{look}.png", FullPage = true, Clip = Pictured });
        return Examined.Contains(look) ? (await ExamineAsync(page)).Select(fault => $"{look}: {fault}") : [];
    }

    private static async Task<IEnumerable<string>> ExamineAsync(IPage page)
    {
        var result = await page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        return result.Violations.SelectMany(rule => rule.Nodes.Select(node => $"{rule.Impact} {rule.Id} ({rule.Help}): {node.Html} {Why(node)}"));
    }

    private static string Why(AxeResultNode node) => string.Join("; ", node.Any.Concat(node.All).Concat(node.None).Select(check => check.Message));
}
