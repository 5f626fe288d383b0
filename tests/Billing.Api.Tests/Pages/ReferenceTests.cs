using Billing.Api.Tests.Pages.Browser;
using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Pages;

/// <summary>The API reference as a reader sees it; what it says is tested in ReferencePageTests.</summary>
public sealed class ReferenceTests
{
    [BrowserFact]
    public async Task The_reference_looks_well_on_every_screen()
    {
        await using var reference = await Tab.OpenAsync(await World.Shared, "/reference");
        await reference.SeesAsync("#page", "Admit a generation");
        await reference.LooksWellAsync("all");
    }
}
