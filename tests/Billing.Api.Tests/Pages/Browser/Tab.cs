using System.Text.Json;
using Billing.Api.Tests.Worlds;
using Billing.Testing;

namespace Billing.Api.Tests.Pages.Browser;

/// <summary>One of the pages in a browser of its own: no cookies and no storage are shared. Whatever is looked for is waited for, and a script error or a refused style fails the next step.</summary>
internal sealed class Tab : IAsyncDisposable
{
    private static readonly string Pictures = Path.Combine(Repository.Root, "artifacts", "screenshots");
    private readonly string _name = $"{Guid.NewGuid():N}";
    private readonly BrowserProcess _browser;

    private Tab(BrowserProcess browser, Uri address) => (_browser, Address) = (browser, address);

    public Uri Address { get; }

    /// <summary>The page, before anybody signs in.</summary>
    public static async Task<Tab> OpenAsync(World world, string page)
    {
        var tab = new Tab(await BrowserProcess.Shared, new Uri(world.Hosts[0].Address, page));
        await tab.AskAsync("open", tab.Address.AbsoluteUri);
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

    public Task WriteAsync(string label, string text) => AskAsync("write", label, text);

    public Task ChooseAsync(string label, string option) => AskAsync("choose", label, option);

    public Task CheckAsync(string label, bool isChecked) => AskAsync("check", label, isChecked);

    /// <summary>Presses a button, in the table row that holds a text when one is given, and says yes to what it asks back.</summary>
    public Task PressAsync(string button, string? row = null) => AskAsync("press", button, row);

    public Task KeysAsync(params string[] keys) => AskAsync("keys", [keys]);

    public Task TypeAsync(string text) => AskAsync("type", text);

    public Task ReloadAsync() => AskAsync("reload");

    /// <summary>Sees that a place, a region by its heading or an element by its #id, shows each of the texts.</summary>
    public async Task SeesAsync(string place, params string[] texts)
    {
        foreach (var text in texts)
        {
            await AskAsync("sees", place, text);
        }
    }

    public Task MissesAsync(string place, string text) => AskAsync("misses", place, text);

    /// <summary>The name and the text of the file that a button gives.</summary>
    public async Task<(string Name, string Text)> DownloadAsync(string button)
    {
        var file = await AskAsync("download", button);
        return (file[0].GetString()!, file[1].GetString()!);
    }

    public Task<JsonElement> EvaluateAsync(string script) => AskAsync("evaluate", script);

    /// <summary>Every address that the page asked so far.</summary>
    public async Task<IReadOnlyList<Uri>> AskedAsync() => [.. (await AskAsync("asked")).EnumerateArray().Select(url => new Uri(url.GetString()!))];

    /// <summary>Takes pictures, on a desktop and a phone, light and dark, and sees that axe finds no fault and nothing is wider than the screen.</summary>
    public async Task LooksWellAsync(string state)
    {
        var faults = await AskAsync("look", Path.Combine(Pictures, $"{Address.AbsolutePath.Trim('/')}-{state}"));
        Assert.True(faults.GetArrayLength() == 0, $"{state}: {string.Join("\n", faults.EnumerateArray())}");
    }

    public async ValueTask DisposeAsync() => await AskAsync("close");

    private Task<JsonElement> AskAsync(string verb, params object?[] arguments) => _browser.AskAsync(_name, verb, arguments);
}
