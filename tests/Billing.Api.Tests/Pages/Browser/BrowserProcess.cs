using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Billing.Testing;

namespace Billing.Api.Tests.Pages.Browser;

/// <summary>One Chromium for all tests, driven by driver.mjs: a line asks, a line answers. It ends with this process, whose end closes the driver's standard input.</summary>
internal sealed class BrowserProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly Lazy<Task<BrowserProcess>> Running = new(StartAsync);
    private readonly Process _driver;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _asked = [];
    private readonly SemaphoreSlim _turn = new(1);
    private int _last;

    private BrowserProcess(Process driver)
    {
        _driver = driver;
        _ = ReadAsync();
    }

    /// <summary>The one of this run.</summary>
    public static Task<BrowserProcess> Shared => Running.Value;

    /// <summary>Has the driver do something with a tab.</summary>
    /// <exception cref="Xunit.Sdk.XunitException">It could not; the message says what was there instead.</exception>
    public async Task<JsonElement> AskAsync(string tab, string verb, params object?[] arguments)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = _asked[id] = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _turn.WaitAsync();
        try
        {
            await _driver.StandardInput.WriteLineAsync(JsonSerializer.Serialize<object?[]>([id, tab, verb, .. arguments]));
            await _driver.StandardInput.FlushAsync();
        }
        finally
        {
            _turn.Release();
        }

        return await answer.Task.WaitAsync(Limit);
    }

    private static async Task<BrowserProcess> StartAsync()
    {
        var packages = new NodePackages(Path.Combine(Repository.Root, "tests", "Billing.Api.Tests", "Pages", "Browser"));
        await packages.EnsureAsync();
        return new BrowserProcess(packages.Launch("driver.mjs", new Dictionary<string, string> { ["CHROMIUM_PATH"] = Chromium.Location! }));
    }

    private async Task ReadAsync()
    {
        var complaints = _driver.StandardError.ReadToEndAsync();
        while (await _driver.StandardOutput.ReadLineAsync() is { } line)
        {
            var answer = JsonSerializer.Deserialize<JsonElement[]>(line)!;
            if (_asked.TryRemove(answer[0].GetInt32(), out var asked))
            {
                Settle(asked, answer);
            }
        }

        foreach (var asked in _asked.Values)
        {
            asked.TrySetException(new InvalidOperationException($"The browser's driver ended: {await complaints}"));
        }
    }

    private static void Settle(TaskCompletionSource<JsonElement> asked, JsonElement[] answer)
    {
        if (answer.Length > 2)
        {
            asked.TrySetException(new Xunit.Sdk.XunitException(answer[2].GetString()));
        }
        else
        {
            asked.TrySetResult(answer[1]);
        }
    }
}
