using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Billing.Api.Tests.Worlds;
using Billing.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Billing.Api.Tests.Pages.Browser;

/// <summary>One of the pages in a browser of its own: no cookies and no storage are shared. Whatever is looked for is waited for, and a script error or a refused style fails the next step.</summary>
internal sealed class Tab : IAsyncDisposable
{
    private static readonly string Pictures = Path.Combine(Repository.Root, "artifacts", "screenshots");
    private readonly ConcurrentQueue<Uri> _asked = [];
    private readonly ConcurrentQueue<string> _offences = [];
    private readonly IPage _page;

    private Tab(IPage page, Uri address)
    {
        (_page, Address) = (page, address);
        page.Context.Request += (_, request) => _asked.Enqueue(new Uri(request.Url));
        page.PageError += (_, error) => _offences.Enqueue(error);
        page.Console += (_, line) => Hear(line);
        page.Dialog += async (_, dialog) => await dialog.AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Every address that the page asked so far.</summary>
    public IReadOnlyList<Uri> Asked => [.. _asked];

    /// <summary>The page, before anybody signs in; with a catalog that a test changes on its way there, when it does.</summary>
    public static async Task<Tab> OpenAsync(World world, string page, Action<JsonNode>? change = null)
    {
        var context = await SharedBrowser.OpenContextAsync();
        if (change is not null)
        {
            await context.RouteAsync("**/api/v1/plans*", route => ChangedAsync(route, change));
        }

        var tab = new Tab(await context.NewPageAsync(), new Uri(world.Hosts[0].Address, page));
        await tab.StepAsync(tab._page.GotoAsync(tab.Address.AbsoluteUri));
        return tab;
    }

    /// <summary>The dashboard of a customer who signed in with the session token that the seller's service made, or with another credential.</summary>
    public static async Task<Tab> DashboardAsync(Customer customer, string? credential = null)
    {
        var tab = await OpenAsync(customer.World, "/dashboard");
        await tab.SignInAsync("API key or session token", credential ?? customer.SessionToken);
        await tab.SeesAsync("#page", "Left to spend");
        return tab;
    }

    /// <summary>The operator page, signed in.</summary>
    public static async Task<Tab> OperatorAsync(World world)
    {
        var tab = await OpenAsync(world, "/operator");
        await tab.SignInAsync("Operator key", world.OperatorKey);
        await tab.SeesAsync("#page", "Find a workspace");
        return tab;
    }

    public async Task SignInAsync(string label, string credential)
    {
        await WriteAsync(label, credential);
        await PressAsync("Sign in");
    }

    public Task WriteAsync(string label, string text) => StepAsync(_page.GetByLabel(label, new() { Exact = true }).FillAsync(text));

    public Task ChooseAsync(string label, string option) =>
        StepAsync(_page.GetByRole(AriaRole.Combobox, new() { Name = label, Exact = true }).SelectOptionAsync(new SelectOptionValue { Label = option }));

    public Task CheckAsync(string label, bool isChecked) => StepAsync(_page.GetByLabel(label, new() { Exact = true }).SetCheckedAsync(isChecked));

    /// <summary>Presses a button, in the table row that holds a text when one is given, and says yes to what it asks back.</summary>
    public Task PressAsync(string button, string? row = null) => StepAsync(Button(button, row).ClickAsync());

    public async Task KeysAsync(params string[] keys)
    {
        foreach (var key in keys)
        {
            await StepAsync(_page.Keyboard.PressAsync(key));
        }
    }

    public Task TypeAsync(string text) => StepAsync(_page.Keyboard.TypeAsync(text));

    public Task ReloadAsync() => StepAsync(_page.ReloadAsync());

    /// <summary>Sees that a place, a region by its heading or an element by its #id, shows each of the texts.</summary>
    public async Task SeesAsync(string place, params string[] texts)
    {
        foreach (var text in texts)
        {
            await StepAsync(Expect(Place(place).Filter(new() { Visible = true })).ToContainTextAsync(text));
        }
    }

    /// <summary>Sees that a place is not there, or does not show the text.</summary>
    public Task MissesAsync(string place, string text) => StepAsync(Expect(Place(place).Filter(new() { HasText = text })).ToBeHiddenAsync());

    /// <summary>The name and the text of the file that a button gives.</summary>
    public async Task<(string Name, string Text)> DownloadAsync(string button)
    {
        var file = await StepAsync(_page.RunAndWaitForDownloadAsync(() => Button(button).ClickAsync()));
        using var text = new StreamReader(await file.CreateReadStreamAsync());
        return (file.SuggestedFilename, await text.ReadToEndAsync());
    }

    /// <summary>Runs a test's own script: what that provokes is not the page's fault.</summary>
    public Task<T> EvaluateAsync<T>(string script) => _page.EvaluateAsync<T>(script);

    /// <summary>Takes pictures, on a desktop and a phone, light and dark, and sees that axe finds no fault and nothing is wider than the screen.</summary>
    public async Task LooksWellAsync(string state)
    {
        var faults = await StepAsync(Looks.LookAtAsync(_page, Path.Combine(Pictures, $"{(Address.AbsolutePath == "/" ? "landing" : Address.AbsolutePath.Trim('/'))}-{state}")));
        Assert.True(faults.Count == 0, $"{state}: {string.Join("\n", faults)}");
    }

    public async ValueTask DisposeAsync() => await _page.Context.DisposeAsync();

    private static async Task ChangedAsync(IRoute route, Action<JsonNode> change)
    {
        var response = await route.FetchAsync();
        var catalog = JsonNode.Parse(await response.TextAsync())!;
        change(catalog);
        await route.FulfillAsync(new() { Response = response, Body = catalog.ToJsonString() });
    }

    // A refused request is no offence; a refused style or script is.
    private void Hear(IConsoleMessage line)
    {
        if (line.Type == "error" && !line.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
        {
            _offences.Enqueue(line.Text);
        }
    }

    private ILocator Place(string place) => place.StartsWith('#') ? _page.Locator(place) : _page.GetByRole(AriaRole.Region, new() { Name = place, Exact = true });

    private ILocator Button(string name, string? row = null)
    {
        var button = _page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
        return (row is null ? button : _page.GetByRole(AriaRole.Row).Filter(new() { HasText = row }).Locator(button)).First;
    }

    private async Task<T> StepAsync<T>(Task<T> step)
    {
        var result = await step;
        await StepAsync((Task)step);
        return result;
    }

    private async Task StepAsync(Task step)
    {
        await step;
        Assert.True(_offences.IsEmpty, $"The page broke: {string.Join("\n", _offences)}");
    }
}
