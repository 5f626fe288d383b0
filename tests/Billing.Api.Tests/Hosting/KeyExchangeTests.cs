using System.Net;
using Billing.Testing;

namespace Billing.Api.Tests.Hosting;

/// <summary>A Host in production whose keys stand in a file: changed there, they are exchanged in the running process.</summary>
public sealed class KeyExchangeTests : IDisposable
{
    private const string File = "appsettings.Production.json";
    private readonly string _folder = Directory.CreateTempSubdirectory("billing-keys-").FullName;

    [Fact]
    public async Task The_new_key_works_the_old_one_is_refused_and_a_broken_file_changes_nothing()
    {
        var (first, second, third) = (Key("first"), Key("second"), Key("third"));
        Write(Path.Combine(_folder, File), first);
        await using var host = await StartAsync();
        using var http = new HttpClient { BaseAddress = host.Address };
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await AskAsync(http, first), await AskAsync(http, second)));

        Write(Path.Combine(_folder, File), second);
        await Eventually.SeeAsync(() => AskAsync(http, second), status => status == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(http, first));

        Write(Path.Combine(_folder, File), "short");
        await Eventually.SeeAsync(() => Task.FromResult(host.Log), log => log.Any(line => line.Contains("service and operator keys are as they were", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(http, second));

        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, File), """{"Billing": {""");
        Assert.Equal(HttpStatusCode.OK, await AskAsync(http, second));
        Write(Path.Combine(_folder, File), third);
        await Eventually.SeeAsync(() => AskAsync(http, third), status => status == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(http, second));
        Assert.DoesNotContain(host.Log, line => line.Contains(first, StringComparison.Ordinal) || line.Contains(second, StringComparison.Ordinal) || line.Contains(third, StringComparison.Ordinal));
    }

    // As Kubernetes mounts a ConfigMap or a Secret: the file is a link through a folder that is exchanged, which no watcher of files is told of.
    [Fact]
    public async Task A_mounted_file_that_is_exchanged_by_a_link_is_seen_by_polling()
    {
        var (first, second) = (Key("first"), Key("second"));
        var data = Path.Combine(_folder, "..data");
        Mount("..1", first);
        Directory.CreateSymbolicLink(data, "..1");
        System.IO.File.CreateSymbolicLink(Path.Combine(_folder, File), Path.Combine("..data", File));
        await using var host = await StartAsync(("DOTNET_USE_POLLING_FILE_WATCHER", "true"));
        using var http = new HttpClient { BaseAddress = host.Address };
        Assert.Equal(HttpStatusCode.OK, await AskAsync(http, first));

        Mount("..2", second);
        Directory.Delete(data);
        Directory.CreateSymbolicLink(data, "..2");
        await Eventually.SeeAsync(() => AskAsync(http, second), status => status == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(http, first));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Key(string name) => $"sk_{name}_{Guid.NewGuid():N}";

    private static void Write(string file, string operatorKey) => System.IO.File.WriteAllText(file, "{\"Billing\": {\"OperatorKeys\": [\"" + operatorKey + "\"]}}");

    private static async Task<HttpStatusCode> AskAsync(HttpClient http, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1/admin/accounts", UriKind.Relative));
        request.Headers.Authorization = new("Bearer", key);
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }

    private void Mount(string version, string key)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, version)).FullName;
        Write(Path.Combine(folder, File), key);
    }

    private async Task<HostProcess> StartAsync(params (string Name, string Value)[] more)
    {
        var suffix = Guid.NewGuid().ToString("N")[..8];
        return await HostProcess.StartAsync(new Dictionary<string, string>(more.Select(one => KeyValuePair.Create(one.Name, one.Value)))
        {
            ["ASPNETCORE_CONTENTROOT"] = _folder,
            ["AzureWebJobsStorage"] = (await Azurite.Shared).ConnectionString,
            ["Billing__TablePrefix"] = $"k{suffix}",
            ["Billing__QueuePrefix"] = $"k{suffix}-",
            ["Billing__ServiceKeys__0"] = Key("service"),
            ["Billing__SigningKeys__0"] = Key("signing"),
        });
    }
}
