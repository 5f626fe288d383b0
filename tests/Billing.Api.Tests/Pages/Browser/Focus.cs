using System.Text.Json;

namespace Billing.Api.Tests.Pages.Browser;

/// <summary>What has the focus of the keyboard.</summary>
internal static class Focus
{
    private const string Focused = """
        (() => {
          const it = document.activeElement;
          const style = getComputedStyle(it);
          const box = it.getBoundingClientRect();
          const name = it.labels?.[0]?.querySelector('span')?.textContent ?? it.labels?.[0]?.textContent ?? it.textContent;
          return { name, seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.top >= 0 && box.bottom <= innerHeight };
        })()
        """;

    /// <summary>Its name; fails when it cannot be seen.</summary>
    public static async Task<string> NameAsync(Tab tab)
    {
        var focused = await tab.EvaluateAsync<JsonElement>(Focused);
        var name = focused.GetProperty("name").GetString()!;
        Assert.True(focused.GetProperty("seen").ValueKind == JsonValueKind.True, $"{name} has the focus, which cannot be seen.");
        return name;
    }
}
