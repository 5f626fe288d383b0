using Billing.Api.Tests.Docs;
using Billing.Api.Tests.Pages.Browser;
using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Pages;

/// <summary>The page at the root, as one who has only the address sees it.</summary>
public sealed class LandingTests
{
    private const string Links = "[...document.querySelectorAll('a')].map((link) => link.getAttribute('href'))";
    private const string Named = "[...document.querySelectorAll('code')].map((name) => name.textContent)";

    [BrowserFact]
    public async Task It_says_what_this_is_and_every_link_and_document_is_there()
    {
        var world = await World.Shared;
        await using var page = await Tab.OpenAsync(world, "/");
        await page.SeesAsync("#page", "Credits for AI generation products", "Plans and prices", "Dashboard", "Operator", "API reference");
        await page.LooksWellAsync("all");

        var links = await page.EvaluateAsync<string[]>(Links);
        Assert.Empty(new[] { "/pricing", "/dashboard", "/operator", "/reference", "/api/v1/openapi.json" }.Except(links));
        foreach (var link in links)
        {
            (await world.Anyone.GetAsync(link)).Is(200);
        }

        var documents = await page.EvaluateAsync<string[]>(Named);
        Assert.Contains("docs/integrate.md", documents);
        Assert.All(documents, document => Assert.Contains(document, FencedBlock.Files));
    }

    [Fact]
    public async Task It_answers_whoever_asks_and_nothing_but_GET_and_HEAD()
    {
        var anyone = (await World.Shared).Anyone;
        Assert.Equal("text/html; charset=utf-8", (await anyone.GetAsync("/")).Is(200).Header("Content-Type"));
        (await anyone.SendAsync(HttpMethod.Head, "/")).Is(200);
        Assert.Equal("GET, HEAD", (await anyone.PostAsync("/")).Refused(405, "METHOD_NOT_ALLOWED").Header("Allow"));
        (await anyone.GetAsync("/?x=1")).Names("x");
    }
}
