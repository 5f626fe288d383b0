using System.Text.Json.Nodes;
using Billing.Api.Tests.Balances;
using Billing.Api.Tests.Pages.Browser;
using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Pages;

/// <summary>Plans, prices and the calculator, as one who may buy sees them.</summary>
public sealed class PricingTests
{
    private const string Marked = """
        (() => {
          const it = document.querySelector(':target');
          const box = it.getBoundingClientRect();
          return it === document.activeElement && box.height > 0 && box.top >= 0 && box.top < innerHeight / 2 && `${it.id}: ${getComputedStyle(it).outlineStyle}`;
        })()
        """;

    [BrowserFact]
    public async Task Plans_stand_side_by_side_with_what_each_gives()
    {
        await using var page = await Tab.OpenAsync(await World.Shared, "/pricing?product=bluma", WithContact);
        await page.SeesAsync("#title", "Bluma plans and prices");
        await page.SeesAsync("Plans", "New accounts start on Free.");
        await page.SeesAsync(Offer("Free"), "10 credits a month", "Stops at its allowance", "Requests per key100 an hour", "WatermarkYes", "QualityStandard", "SupportCommunity");
        await page.SeesAsync(Offer("Starter"), "$29 a month", "100 credits a month", "Then $0.50 for each generation", "Requests per key1,000 an hour", "WatermarkNo");
        await page.SeesAsync(Offer("Enterprise"), "Price as the seller sets it", "3,000+ credits a month", "Contact sales", "SLAYes");
        await page.MissesAsync(Offer("Starter"), "Contact sales");
        await page.SeesAsync("In every plan", "At onceNo limit", "TemplatesAll");
        await page.SeesAsync("Top-ups", "10 to 1,000 credits at a time.");
        await page.SeesAsync("Test mode", "Nothing is charged");
        await page.SeesAsync("#quote", "4 credits", "base 2 × duration 1 × resolution 1 × complexity 2", "Free2 of these", "Starter25 of these", "Enterprise750 of these");
        await page.LooksWellAsync("bluma");
    }

    [BrowserFact]
    public async Task Credits_that_are_to_choose_are_chosen_and_what_was_chosen_stands_in_the_link()
    {
        var world = await World.Shared;
        await using var page = await Tab.OpenAsync(world, "/pricing?product=bloom&utm_source=mail");
        await page.SeesAsync("Plans", "New accounts get 10 credits, which never expire.");
        await page.SeesAsync("In every plan", "120 a minute", "API accessYes");
        await page.SeesAsync(Offer("Scale"), "300–2,000 credits a month");
        await page.ChooseAsync("Size", "4K");
        await page.WriteAsync("Variant count", "3");
        await page.WriteAsync("Credits a month", "1000");
        await page.SeesAsync("#quote", "6 credits", "size 2 × variant count 3", "Plus8 of these", "Scale166 of these");
        await page.LooksWellAsync("bloom");

        var link = await page.EvaluateAsync<string>("location.pathname + location.search");
        Assert.Equal("/pricing?product=bloom&utm_source=mail&size=4K&variant_count=3&credits.scale=1000", link);
        await using var shared = await Tab.OpenAsync(world, link);
        await shared.SeesAsync("#quote", "6 credits", "Scale166 of these");
        await shared.WriteAsync("Credits a month", "2001");
        await shared.SeesAsync("#quote", "Scalenot with that many credits");
        await shared.WriteAsync("Variant count", "21");
        await shared.SeesAsync("#quote", "Variant count must be a whole number from 1 to 20.");
        await shared.MissesAsync("#quote", "of these");
    }

    [BrowserFact]
    public async Task A_template_that_a_plan_has_not_is_said()
    {
        var world = await World.Shared;
        await using var gleam = await Tab.OpenAsync(world, "/pricing?product=gleam&template=neon");
        await gleam.SeesAsync("#quote", "1 credit", "Freeno premium templates", "Lifetime2,000 of these");
        await gleam.SeesAsync(Offer("Free"), "At once1 generation", "TemplatesBasic");
        await gleam.SeesAsync(Offer("Lifetime"), "Price as the seller sets it, paid once");
        await gleam.LooksWellAsync("gleam");

        // Bluma's templates have a complexity by default, not a least one.
        await using var bluma = await Tab.OpenAsync(world, "/pricing?product=bluma&template_id=news-anchor&complexity=basic&resolution=8K");
        await bluma.SeesAsync("#quote", "5 credits", "complexity 1");
        await bluma.MissesAsync("#quote", "counts as");
    }

    [BrowserFact]
    public async Task A_choice_below_its_templates_least_counts_as_that()
    {
        await using var world = await World.StartAsync(settings: OwnCatalog.Settings(bluma =>
            bluma["pricing"]!["fields"]!.AsArray().Single(field => field!["name"]!.GetValue<string>() == "complexity")!["floor"] = "complexity"));
        await using var page = await Tab.OpenAsync(world, "/pricing?product=bluma&template_id=news-anchor&complexity=basic");
        await page.SeesAsync("#quote", "10 credits", "Complexity counts as ai, the least that this template has.");
    }

    [BrowserFact]
    public async Task The_anchor_for_want_of_credits_marks_plans_and_top_ups()
    {
        await using var page = await Tab.OpenAsync(await World.Shared, "/pricing?product=bluma#buy");
        await page.SeesAsync("#buy", "Starter", "10 to 1,000 credits at a time.");
        await page.MissesAsync("#pay", "paused");
        Assert.Equal("buy: solid", await page.EvaluateAsync<string>(Marked));
        Assert.Equal("#buy", await page.EvaluateAsync<string>("location.hash"));
        await page.LooksWellAsync("buy");
    }

    [BrowserFact]
    public async Task The_anchor_of_a_paused_subscription_says_what_to_do()
    {
        await using var page = await Tab.OpenAsync(await World.Shared, "/pricing?product=bluma#pay", WithContact);
        await page.SeesAsync("Your subscription is paused", "A payment failed or is pending.", "Support", "Sales");
        Assert.StartsWith("pay: ", await page.EvaluateAsync<string>(Marked), StringComparison.Ordinal);
        await page.LooksWellAsync("pay");
        await page.EvaluateAsync<bool>("(location.hash = '#buy') === '#buy'");
        await page.MissesAsync("#pay", "paused");
    }

    [BrowserFact]
    public async Task Without_a_product_or_with_an_unknown_one_there_is_a_list_to_choose_from()
    {
        var world = await World.Shared;
        await using var page = await Tab.OpenAsync(world, "/pricing#buy");
        await page.SeesAsync("#products", "Bloom", "Bluma", "gleam", "Free, Starter, Pro, Enterprise");
        await page.MissesAsync("#page", "Top-ups");
        await page.KeysAsync("Tab", "Tab", "Enter");
        await page.SeesAsync("#title", "Bluma plans and prices");
        Assert.Equal("buy: solid", await page.EvaluateAsync<string>(Marked));

        await using var lost = await Tab.OpenAsync(world, "/pricing?product=%3Cimg%20src%3Dx%3E");
        await lost.SeesAsync("#notice", "There is no product “<img src=x>”. These are sold here:");
        await lost.SeesAsync("#products", "Bloom", "Bluma", "gleam");
        await lost.LooksWellAsync("unknown");
    }

    [BrowserFact]
    public async Task One_product_alone_needs_no_choice()
    {
        await using var page = await Tab.OpenAsync(await World.Shared, "/pricing", all => all["products"] = new JsonArray(all["products"]![1]!.DeepClone()));
        await page.SeesAsync("#title", "Bluma plans and prices");
    }

    [BrowserFact]
    public async Task What_a_catalog_does_not_have_is_not_shown()
    {
        await using var world = await World.StartAsync(settings: OwnCatalog.Settings(bluma =>
        {
            bluma.AsObject().Remove("top_ups");
            bluma.AsObject().Remove("contact");
        }));
        await using var page = await Tab.OpenAsync(world, "/pricing?product=bluma");
        await page.SeesAsync("#quote", "4 credits");
        await page.MissesAsync("#top-ups", "Top-ups");
        await page.MissesAsync("#contact", "Contact");
        await page.MissesAsync("#plans", "Contact sales");
    }

    [BrowserFact]
    public async Task Contact_is_by_mail_or_on_the_web_and_either_may_be_missing()
    {
        var world = await World.Shared;
        await using var both = await Tab.OpenAsync(world, "/pricing?product=bluma", WithContact);
        await both.SeesAsync("Contact", "Support", "Sales");
        Assert.Equal("https://example.com/help mailto:sales@example.com", await both.EvaluateAsync<string>("[...document.querySelectorAll('#contact a')].map((link) => link.href).join(' ')"));

        await using var mail = await Tab.OpenAsync(world, "/pricing?product=bluma", catalog => catalog["contact"] = JsonNode.Parse("""{ "support": "javascript:alert(1)", "sales": null }"""));
        await mail.SeesAsync("Contact", "Support");
        await mail.MissesAsync("#contact", "Sales");
        await mail.MissesAsync("#plans", "Contact sales");
        Assert.Equal("mailto:", await mail.EvaluateAsync<string>("document.querySelector('#contact a').protocol"));
    }

    [BrowserFact]
    public async Task The_tab_key_reaches_every_control_in_reading_order()
    {
        await using var page = await Tab.OpenAsync(await World.Shared, "/pricing?product=bluma", WithContact);
        await page.SeesAsync("#quote", "4 credits");
        var reached = new List<string>();
        while (reached.LastOrDefault() != "Sales" && reached.Count < 20)
        {
            await page.KeysAsync("Tab");
            reached.Add(await Focus.NameAsync(page));
        }

        Assert.Equal(["Credits a month", "Contact sales", "Template", "Resolution", "Duration", "Complexity", "Support", "Sales"], reached);
    }

    [BrowserFact]
    public async Task The_dashboard_leads_here()
    {
        await using var dashboard = await Tab.DashboardAsync(await (await World.Shared).CustomerAsync("gleam"));
        await dashboard.SeesAsync("Plan", "Plans and prices");
        Assert.Equal("/pricing?product=gleam", await dashboard.EvaluateAsync<string>("document.querySelector('#plan a').getAttribute('href')"));
    }

    private static string Offer(string plan) => $"#plans > li:has(h3:text-is('{plan}'))";

    private static void WithContact(JsonNode catalog) => catalog["contact"] = JsonNode.Parse("""{ "support": "https://example.com/help", "sales": "sales@example.com" }""");
}
