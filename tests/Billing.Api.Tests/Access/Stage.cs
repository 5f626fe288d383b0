using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Billing.Api.Tests.Worlds;
using Billing.Engine.Due;
using Billing.Keys;
using Billing.Testing;

namespace Billing.Api.Tests.Access;

/// <summary>Who sends a request.</summary>
/// <param name="Credential">What it shows, in the document's words.</param>
internal sealed record Caller(string Name, Client Client, string Credential, bool IsBob = false)
{
    public bool IsSession => Credential is "sessionToken" or "keySession";

    public const string Service = "serviceKey";
    public const string ServiceForCustomer = "serviceKey and customerKey";
    public const string ServiceForWorkspace = "serviceKey and customerWorkspace";

    public bool NamesCustomer => Credential is ServiceForCustomer or ServiceForWorkspace;
}

/// <summary>Callers of every kind, and things of ada's that they reach for.</summary>
internal sealed partial class Stage
{
    public const string RevokedPassedOn = "the service with a revoked key";
    private static readonly Lazy<Task<Stage>> Opened = new(OpenAsync);
    private readonly World _world;
    private readonly Customer _ada;
    private readonly Customer _bob;

    private Stage(World world, Customer ada, Client keySession, Customer bob, ImmutableArray<(string Name, Client Client)> strangers)
    {
        (_world, _ada, _bob) = (world, ada, bob);
        Strangers = strangers;
        Callers =
        [
            new("ada's key", ada.Own, "apiKey"),
            new("ada's session", ada.Session, "sessionToken"),
            new("ada's key session", keySession, "keySession"),
            new("the service with ada's key", ada.Service, Caller.ServiceForCustomer),
            new("the service naming ada's workspace", ada.Named, Caller.ServiceForWorkspace),
            new("the service alone", world.Service(), Caller.Service),
            new("the operator", world.Operator, "operatorKey"),
            new("bob's key", bob.Own, "apiKey", IsBob: true),
            new("bob's session", bob.Session, "sessionToken", IsBob: true),
            new("the service with bob's key", bob.Service, Caller.ServiceForCustomer, IsBob: true),
            new("the service naming bob's workspace", bob.Named, Caller.ServiceForWorkspace, IsBob: true),
        ];
    }

    public static Task<Stage> Shared => Opened.Value;

    public ImmutableArray<Caller> Callers { get; }

    /// <summary>Those whom no door opens to.</summary>
    public ImmutableArray<(string Name, Client Client)> Strangers { get; }

    /// <summary>The same caller with another session of its own, which may be ended.</summary>
    public async Task<Client> AnewAsync(Caller caller) => caller switch
    {
        { Credential: "keySession" } => await _ada.WithKeySessionAsync(),
        { IsSession: true } => _world.Anyone.As((await _world.Operator.PostAsync("admin/sessions", Json.Of(new { account_id = caller.IsBob ? _bob.AccountId : _ada.AccountId }))).Is(201).Text("token")),
        _ => caller.Client,
    };

    /// <summary>True of a text that names something of ada's.</summary>
    public static bool IsHers(string text) => Names().IsMatch(text);

    /// <summary>Puts things of ada's where a text names them: new ones where they may be used up, else the first of each.</summary>
    public async Task<string> FillAsync(string text, string expected)
    {
        foreach (var name in Names().Matches(text).Select(match => match.Groups[1].Value).Distinct().ToList())
        {
            text = text.Replace($"{{{name}}}", expected[0] == '2' || name is "workspace" or "account" ? await MakeAsync(name, text) : await OnceAsync(name), StringComparison.Ordinal);
        }

        return text;
    }

    private readonly Dictionary<string, string> _made = [];
    private readonly Queue<string> _webhooks = [];

    private async Task<string> OnceAsync(string name) => _made.TryGetValue(name, out var made) ? made : _made[name] = await MakeAsync(name, "");

    private async Task<string> MakeAsync(string name, string text) => name switch
    {
        "workspace" => _ada.WorkspaceId,
        "account" => _ada.AccountId,
        "other" => (await _world.CustomerAsync("bluma", "pro")).AccountId,
        "sellerwebhook" => (await _world.Operator.PostAsync("admin/webhooks", """{"url": "http://127.0.0.1:9/", "events": ["audit.failed"]}""")).Is(201).Text("id"),
        "member" => _bob.AccountId,
        "secret" => _ada.Key,
        "apikey" => (await _ada.WithKeyAsync()).KeyId,
        "generation" => (await _ada.AdmitAsync(Requests.Four)).Text("id"),
        "completed" => (await _ada.CompleteAsync(await _ada.AdmitAsync(Requests.Four))).Text("id"),
        "refund" => (await _ada.Own.PostAsync("refunds", Json.Of(new { generation_id = await MakeAsync("completed", ""), reason = "quality_issue" }))).Is(202).Text("id"),
        "webhook" => await WebhookAsync(),
        "delivery" => await DeliveryAsync(WebhookIn(text) ?? await WebhookAsync()),
        "topup" => (await _ada.TopUpAsync(20)).Text("id"),
        "reversed" => (await _ada.AdminAsync(HttpMethod.Post, $"top-ups/{await MakeAsync("topup", "")}/reverse", new { reason = "Charge-back" })).Text("id"),
        "template" => (await _ada.AdminAsync(HttpMethod.Put, "templates/acme-outro", new { attributes = new { @base = 7, complexity = "basic" } })).Text("id"),
        "team" => await TeamAsync(),
        "poison" => await PoisonAsync(),
        _ => throw new ArgumentException($"Nobody knows how to make a {name}.", nameof(name)),
    };

    private async Task<string> WebhookAsync()
    {
        // A workspace has room for 20.
        if (_webhooks.Count == 15)
        {
            await _ada.Own.DeleteAsync($"webhooks/{_webhooks.Dequeue()}");
        }

        _webhooks.Enqueue((await _ada.Own.PostAsync("webhooks", """{"url": "http://127.0.0.1:9/", "events": ["ping"]}""")).Is(201).Text("id"));
        return _webhooks.Last();
    }

    /// <summary>A delivery that fails: nobody listens there.</summary>
    private async Task<string> DeliveryAsync(string webhook)
    {
        Assert.InRange((await _ada.Own.PostAsync($"webhooks/{webhook}/test")).Status, 200, 299);
        var deliveries = await Eventually.SeeAsync(() => _ada.Own.GetAsync($"webhooks/{webhook}/deliveries"), seen => seen.At("deliveries").GetArrayLength() > 0);
        return deliveries.Text("deliveries.0.id");
    }

    private static string? WebhookIn(string text) => text.Split('/').FirstOrDefault(part => part.StartsWith("we_", StringComparison.Ordinal));

    /// <summary>A team that bob belongs to, on a plan.</summary>
    private async Task<string> TeamAsync()
    {
        var team = (await _world.Operator.PostAsync("admin/workspaces", Json.Of(new { account_id = _ada.AccountId, name = "Team" }))).Is(201).Text("workspace_id");
        (await _world.Operator.PostAsync($"admin/workspaces/{team}/members", Json.Of(new { account_id = _bob.AccountId }))).Is(201);
        (await _world.Operator.PutAsync($"admin/workspaces/{team}/subscription", """{"plan": "pro"}""")).Is(200);
        return team;
    }

    private async Task<string> PoisonAsync()
    {
        await _world.OpenQueue(Queues.Refunds).SendMessageAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes("rubbish")));
        return (await Eventually.SeeAsync(() => _world.Operator.GetAsync("admin/poison"), seen => seen.At("messages").GetArrayLength() > 0)).Text("messages.0.id");
    }

    private static async Task<Stage> OpenAsync()
    {
        var world = await World.StartAsync("2025-10-31T23:59:59Z");
        var expired = (await world.CustomerAsync("bluma", "pro")).Session;
        var former = await world.CustomerAsync("bluma", "pro");
        (await former.Session.DeleteAsync($"api-keys/{former.KeyId}")).Is(200);
        await world.MoveAsync("2025-11-01T12:00:00Z");
        var ada = await world.CustomerAsync("bluma", "enterprise", 100_000);
        var bob = await world.CustomerAsync("bluma", "pro");
        var session = (await world.Operator.PostAsync("admin/sessions", Json.Of(new { account_id = ada.AccountId }))).Is(201).Text("token");
        var unknown = ApiKeySecret.New("bluma", KeyEnvironment.Production, Enumerable.Repeat((byte)7, ApiKeySecret.RandomBytes).ToArray()).Reveal();
        return new Stage(world, ada, await ada.WithKeySessionAsync(), bob,
        [
            ("nobody", world.Anyone),
            ("a broken credential", world.Anyone.As("nonsense")),
            ("a key cut short", world.Anyone.As(ada.Key[..^1])),
            ("an expired session", expired),
            ("a revoked key", former.Own),
            (RevokedPassedOn, former.Service),
            ("the service with an unknown key", world.Service(unknown)),
            ("the service with a broken key", world.Service("nonsense")),
            ("a key in the wrong header", world.Anyone.As(null, ada.Key)),
            ("a key passed on by a key", world.Anyone.As(ada.Key, ada.Key)),
            ("a workspace named by nobody", world.Anyone with { Workspace = ada.WorkspaceId }),
            ("a workspace named by its own key", ada.Own with { Workspace = ada.WorkspaceId }),
            ("a workspace named by its own session", world.Anyone.As(session) with { Workspace = ada.WorkspaceId }),
            ("a workspace named by an operator", world.Operator with { Workspace = ada.WorkspaceId }),
            ("a key that calls itself a test", ada.Own with { TestMode = "true" }),
        ]);
    }

    [GeneratedRegex("{([a-z]+)}")]
    private static partial Regex Names();
}
