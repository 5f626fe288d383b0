using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Billing.Testing;

namespace Billing.Client.Tests;

/// <summary>The sample in docs/samples/Studio: a seller's web app, as its users use it.</summary>
public sealed class StudioTests(RunningHost host) : IClassFixture<RunningHost>
{
    [Fact]
    public async Task A_user_signs_up_generates_runs_out_buys_and_pays_for_what_was_delivered()
    {
        await using var studio = await StartAsync();
        using var user = Browser(studio);
        Assert.Equal(HttpStatusCode.Unauthorized, (await user.PostAsJsonAsync("/images", new { id = "early" })).StatusCode);
        await PostAsync(user, "/sign-up", new { });
        Assert.Equal(0, await CreditsAsync(user));
        Assert.Equal(1, (int)(await PostAsync(user, "/images", Order("first")))["images"]!);
        var given = await CreditsAsync(user);
        Assert.True(given > 0);

        // The same order twice is one.
        Assert.Equal(0, (int)(await PostAsync(user, "/images", Order("first")))["images"]!);
        Assert.Equal(given, await CreditsAsync(user));

        // What fails costs nothing.
        Assert.Equal(0, (int)(await PostAsync(user, "/images", Order("failed", 1, "failing")))["images"]!);
        await Eventually.SeeAsync(() => CreditsAsync(user), credits => credits == given);

        for (var number = 0; number < (int)given; number++)
        {
            Assert.Equal(1, (int)(await PostAsync(user, "/images", Order($"more {number}")))["images"]!);
        }

        var refused = await PostAsync(user, "/images", Order("too much"));
        Assert.Equal((0, "/#buy"), ((int)refused["images"]!, (string?)refused["buyAt"]));
        Assert.Contains("0 are left", (string)refused["message"]!, StringComparison.Ordinal);
        Assert.Equal(20, (decimal)(await PostAsync(user, "/credits", new { credits = 20, paymentId = "ch_1" }))["credits"]!);
        Assert.Equal(20, (decimal)(await PostAsync(user, "/credits", new { credits = 20, paymentId = "ch_1" }))["credits"]!);
        Assert.Equal(3, (int)(await PostAsync(user, "/images", Order("bought", 3)))["images"]!);
        Assert.Equal(17, await CreditsAsync(user));
    }

    [Fact]
    public async Task Killed_in_the_middle_of_a_generation_it_has_charged_nothing_that_was_not_delivered()
    {
        await using var studio = await StartAsync();
        using var user = Browser(studio);
        var userId = (string)(await PostAsync(user, "/sign-up", new { }))["user_id"]!;
        await PostAsync(user, "/images", Order("first"));
        var before = await CreditsAsync(user);
        var underWay = user.PostAsJsonAsync("/images", Order("killed", 2, "slow"));
        await Eventually.SeeAsync(() => CreditsAsync(user), credits => credits == before - 2);
        await studio.KillAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => underWay);

        // Nobody says any more that it is still being made.
        await host.MoveClockAsync(TimeSpan.FromHours(2));
        await Eventually.SeeAsync(async () => (await host.Client.GetCreditsAsync(Customer.OfExternalId(userId))).Credits, credits => credits == before);
    }

    private Task<HostProcess> StartAsync() => HostProcess.StartAsync(Path.Combine(AppContext.BaseDirectory, "Studio.dll"), [], new Dictionary<string, string>
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["Billing__Address"] = $"{host.Address}",
        ["Billing__ServiceKey"] = RunningHost.ServiceKey,
        ["Billing__OperatorKey"] = RunningHost.OperatorKey,
    });

    private static HttpClient Browser(HostProcess studio) => new(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = studio.Address };

    private static object Order(string id, int variants = 1, string generator = "quick") => new { id = $"{id} {Guid.Empty}", variants, generator };

    private static async Task<JsonNode> PostAsync(HttpClient user, string path, object body)
    {
        using var answer = await user.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    private static async Task<decimal> CreditsAsync(HttpClient user) => (decimal)(await user.GetFromJsonAsync<JsonNode>("/credits"))!["credits"]!;
}
