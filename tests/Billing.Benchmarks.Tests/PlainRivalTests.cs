using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Benchmarks.Admits;
using Billing.Benchmarks.Rivals;
using Billing.Testing;

namespace Billing.Benchmarks.Tests;

/// <summary>The rivals' service with the plain rival behind it, as the benchmark runs it: a process of its own over the emulator.</summary>
public sealed class PlainRivalTests : IAsyncLifetime
{
    private const long Begin = 1_000_000;
    private const long Price = 6;
    private Contender _plain = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _plain = await ServedCandidates.PlainAsync(await Azurite.Shared, workspaces: 2);
        _http = _plain.Server.Connect(16);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _plain.DisposeAsync();
    }

    [Fact]
    public async Task Nobody_is_admitted_on_anothers_balance_when_many_come_at_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => AdmitAsync(0)));
        Assert.Equal(Enumerable.Range(1, 16).Select(spent => Begin - Price * spent), answers.Select(answer => (long)answer["credits"]!).OrderDescending());
        Assert.Equal(Begin - Price, (long)(await AdmitAsync(1))["credits"]!);
    }

    [Fact]
    public async Task It_says_no_less_than_we_do()
    {
        using var work = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "src/Billing.Api/OpenApi/openapi.json")));
        var ours = work.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("Generation").GetProperty("required").EnumerateArray().Select(name => name.GetString()!);
        var theirs = (await AdmitAsync(0)).AsObject();
        Assert.Equal(ours.Append("credits").Order(), theirs.Select(property => property.Key).Order());
    }

    [Fact]
    public async Task A_repeat_is_seen_to_be_charged_again()
    {
        var seen = await Promises.SeeAsync(_plain.Server, _plain.CustomerKeys[0]);
        Assert.False(seen.AnswersRepeats);
        Assert.Equal(Begin - 3 * Price, (long)(await AdmitAsync(0))["credits"]!);
    }

    [Theory]
    [InlineData("Bearer other", "{}", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer " + Server.ServiceKey, "{}", HttpStatusCode.BadRequest)]
    [InlineData("Bearer " + Server.ServiceKey, "", HttpStatusCode.BadRequest)]
    public async Task It_looks_at_what_it_is_sent(string authorization, string body, HttpStatusCode wanted)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/generations") { Content = new StringContent(body) };
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        request.Headers.TryAddWithoutValidation("X-Api-Key", _plain.CustomerKeys[0]);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", AdmitWork.NewIdempotencyKey());
        using var response = await _http.SendAsync(request);
        Assert.Equal(wanted, response.StatusCode);
    }

    [Fact]
    public async Task What_a_server_allocates_and_uses_is_seen_from_outside()
    {
        await AdmitAsync(0);
        var (allocated, used) = (await _plain.Server.AllocatedAsync(), _plain.Server.ProcessorTime());
        Assert.InRange(await _plain.Server.AllocatedAsync() - allocated, 0, 100_000);
        for (var admit = 0; admit < 20; admit++)
        {
            await AdmitAsync(0);
        }

        // Two requests to storage with the SDK allocate more than 20 KiB, each time.
        Assert.InRange(await _plain.Server.AllocatedAsync() - allocated, 20 * 20_000, 20 * 2_000_000);
        Assert.True(_plain.Server.ProcessorTime() > used);
    }

    private async Task<JsonNode> AdmitAsync(int workspace) => JsonNode.Parse(await _plain.Server.AdmitAsync(_http, _plain.CustomerKeys[workspace]))!;
}
