using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Billing.Api.Admin;
using Billing.Api.Generations;
using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Generations;
using Billing.Keys;
using Billing.RateLimits;
using Billing.Simulation.Clients;
using Billing.Simulation.Instances;
using Billing.Simulation.Runs;
using Billing.Webhooks;
using Billing.Workspaces;

namespace Billing.Simulation.Checking;

/// <summary>
/// What clients were told over HTTP. Each answer is proven when it is given; admissions, whose keys are made behind the API, are found by the mark in their
/// metadata, and known to <see cref="Proof"/> from then on.
/// </summary>
internal sealed class WebProof
{
    private const string Mark = "ask";
    private readonly World _world;
    private readonly Proof _proof;
    private readonly Dictionary<string, Story> _stories = [];
    private readonly Dictionary<(string Mark, bool Test), Marked> _marked = [];
    private readonly Dictionary<(string Mark, bool Test), string> _stored = [];

    public WebProof(World world, Proof proof)
    {
        (_world, _proof) = (world, proof);
        var witness = world.Tables.Stored;
        world.Tables.Stored = (partition, writes, before) =>
        {
            witness(partition, writes, before);
            OnStored(partition, writes, before);
        };
    }

    /// <summary>Keys that somebody has asked to revoke: they may be refused.</summary>
    public HashSet<string> Revoked { get; } = [];

    /// <summary>Keys of members that left, and from when on nobody lets them in.</summary>
    public Dictionary<string, DateTimeOffset> Dead { get; } = [];

    /// <summary>Workspaces beside those of the customers.</summary>
    public int OtherWorkspaces { get; set; }

    // Until when each session works.
    private readonly Dictionary<string, DateTimeOffset> _sessions = [];

    /// <summary>A request on its way.</summary>
    /// <param name="Ask">What is asked.</param>
    /// <param name="At">Since when.</param>
    /// <param name="Story">What was heard of its Idempotency-Key; null without one.</param>
    /// <param name="Heard">The key was answered with success before.</param>
    /// <param name="Stored">The same request was carried out before.</param>
    internal sealed record Sent(WebAsk Ask, DateTimeOffset At, Story? Story, bool Heard, bool Stored)
    {
        /// <summary>Something else was asked first with its Idempotency-Key.</summary>
        public bool IsOther => Story is not null && Story.Asked != Ask.Request.Body;
    }

    /// <summary>Notes that a request is sent.</summary>
    public Sent Send(WebAsk ask)
    {
        var story = StoryOf(ask);
        var heard = story?.Reply is not null;
        var sent = new Sent(ask, _world.Loop.Now, story, heard, heard && story!.Asked == ask.Request.Body);
        if (story is not null)
        {
            story.Sends++;
        }

        if (ask.Mark is not { } mark)
        {
            return sent;
        }

        _marked.TryAdd((mark, ask.Test), new Marked(ask));
        _marked[(mark, ask.Test)].Open++;
        return sent with { Stored = sent.Stored || (story is not null && _stored.ContainsKey((mark, ask.Test))) };
    }

    /// <summary>Proves an answer against what is stored at this very moment.</summary>
    public void Hear(Sent sent, WebAnswer answer)
    {
        _proof.Answers++;
        ProveForm(sent, answer);
        if (answer.Status == 503)
        {
            _world.RequireReason(sent.Ask.Request.Label, sent.Ask.WorkspaceId, sent.At);
            Require(_world.CalmAt is null || sent.At < _world.CalmAt, "Without faults every request is answered", sent, answer);
            return;
        }

        if (answer.Succeeded)
        {
            ProveSuccess(sent, answer);
            if (sent.Ask.Request.Endpoint == CreateSession.Endpoint)
            {
                _sessions.TryAdd(answer.Text("token"), DateTimeOffset.Parse(answer.Text("expires_at"), CultureInfo.InvariantCulture));
            }
        }
        else
        {
            ProveRefusal(sent, answer);
        }

        if (sent.Ask.Mark is { } mark)
        {
            _marked[(mark, sent.Ask.Test)].Open--;
            _marked[(mark, sent.Ask.Test)].Accepted |= answer.Succeeded;
        }
    }

    /// <summary>Makes known what is stored and was never answered. What can have come of refusals only is so named.</summary>
    public void Close(IReadOnlyList<Customer> customers)
    {
        foreach (var (mark, key) in _stored)
        {
            if (_marked.TryGetValue(mark, out var marked))
            {
                _proof.Attempts.TryAdd(key, new Attempt(marked.Ask.WorkspaceId, key, Batch: false, marked.Ask.Scope ?? marked.Ask.Request.Label) { Refused = marked is { Open: 0, Accepted: false } });
            }
        }

        var accounts = _world.Tables.Partitions(Table.Ledger).Count(partition => !SellerFeed.IsLane(partition.Key) && _world.Tables.Read(partition, Workspace.RowKey) is not null);
        _world.Require(accounts == customers.Count + OtherWorkspaces, "One Idempotency-Key has one effect", () => $"{accounts} accounts were opened for {customers.Count}");
    }

    private void OnStored(Partition partition, ImmutableArray<RowWrite> writes, ImmutableArray<Row?> before)
    {
        for (var i = 0; i < writes.Length; i++)
        {
            if (partition.Table != Table.Ledger || before[i] is not null || writes[i].Kind == WriteKind.Delete || !writes[i].Row.Key.StartsWith(Admission.Prefix, StringComparison.Ordinal))
            {
                continue;
            }

            var admission = RowJson.Read<Admission>(writes[i].Row.Data);
            if (MarkOf(admission.Generations[0]) is { } mark)
            {
                _world.Require(_stored.TryAdd((mark, admission.TestMode), admission.Key), "One Idempotency-Key has one effect", () => $"{mark}: {_stored[(mark, admission.TestMode)]} and {admission.Key}");
            }
        }
    }

    private Story? StoryOf(WebAsk ask)
    {
        if (ask.Scope is not { } scope)
        {
            return null;
        }

        return _stories.TryGetValue(scope, out var story) ? story : _stories[scope] = new Story(ask.Request.Body);
    }

    private static string? MarkOf(Generation generation) => generation.Metadata?.GetValueOrDefault(Mark);

    private void ProveForm(Sent sent, WebAnswer answer)
    {
        var headers = answer.Headers;
        Require(answer.Status != 500, "No request fails but for want of storage", sent, answer);
        Require(headers.GetValueOrDefault("X-Request-Id") == sent.Ask.Request.Label && headers.GetValueOrDefault("Cache-Control") == "no-store", "Every answer has its headers", sent, answer);
        if (answer.Succeeded)
        {
            return;
        }

        var whole = headers.GetValueOrDefault("Content-Type")?.StartsWith("application/problem+json", StringComparison.Ordinal) is true
            && answer.At("status")?.GetInt32() == answer.Status && answer.At("code") is not null && answer.At("error.code")?.GetInt32() == answer.Status;
        Require(whole, "Every refusal is a problem", sent, answer);
        Require(
            answer.Status is not (429 or 503) || (int.TryParse(headers.GetValueOrDefault("Retry-After"), CultureInfo.InvariantCulture, out var seconds) && seconds >= 1),
            "What may be tried again says when",
            sent,
            answer);
    }

    private void ProveSuccess(Sent sent, WebAnswer answer)
    {
        Require(!sent.IsOther, "An Idempotency-Key is for one request", sent, answer);
        if (sent.Story is { } story)
        {
            ProveRepeat(sent, story, answer);
        }
        else
        {
            Require(!answer.Replayed, "What is new is not called a repeat", sent, answer);
        }

        if (sent.Ask.Request.Endpoint == AdmitGeneration.Endpoint)
        {
            ProveAdmission(sent, answer);
        }
    }

    private void ProveRepeat(Sent sent, Story story, WebAnswer answer)
    {
        var reply = new Reply(answer.Status, answer.Body);
        story.Fresh += answer.Replayed ? 0 : 1;
        story.Reply ??= reply;
        Require(story.Reply == reply, "Replays are byte-identical", sent, answer);
        Require(answer.Replayed || (!sent.Heard && story.Fresh == 1), "A repeat says that it is one", sent, answer);
        Require(!answer.Replayed || story.Sends > 1, "What is new is not called a repeat", sent, answer);
        Require(Stored<Operation>(sent, Operation.Prefix).Any(one => one.Reply == reply) || Stored<Admission>(sent, Admission.Prefix).Any(one => Answers(one, reply)), "Each answered success is stored", sent, answer);
    }

    private static bool Answers(Admission admission, Reply reply) => admission.Answered is not null && AdmitGeneration.Endpoint.Replay!(admission) == reply;

    private void ProveRefusal(Sent sent, WebAnswer answer)
    {
        var (ask, other) = (sent.Ask, sent.IsOther);
        Require(!sent.Stored, "A repeat is never refused what was accepted", sent, answer);
        Require(answer.Status != 422 || other, "An Idempotency-Key is for one request", sent, answer);
        // A key that is dead is told so, whatever else is wrong; a repeat alone is above that.
        Require(!(other && sent.Heard) || answer.Status is 422 or 401, "An Idempotency-Key is for one request", sent, answer);
        Require(answer.Status != 401 || Revoked.Contains(ask.Request.ApiKey ?? "") || HasEnded(ask.Request.Credential) || IsOfNoMember(ask.Request.ApiKey), "A working key is let in", sent, answer);
    }

    /// <summary>True of a session that has had its time by the fastest clock.</summary>
    private bool HasEnded(string credential) => _sessions.TryGetValue(credential, out var until) && until <= _world.Loop.Now + _world.MostSkew;

    /// <summary>True of a team's key whose member is none: a removal that nobody answered may have arrived after the member came back.</summary>
    private bool IsOfNoMember(string? text) =>
        text is not null && ApiKeySecret.TryParse(text, out var secret)
        && RowJson.ReadAny<ApiKey>(_world.Tables.Read(new Partition(Table.Keys, secret.KeyId.Substring("key_".Length, 2)), secret.KeyId)) is { } key
        && _world.Tables.Read(new Partition(Table.People, key.AccountId), $"workspace:{key.HomeWorkspaceId}") is null;

    private void ProveAdmission(Sent sent, WebAnswer answer)
    {
        var (ask, id) = (sent.Ask, answer.Text("id"));
        Require(answer.Replayed || !Dead.TryGetValue(ask.Request.ApiKey!, out var dead) || sent.At < dead, "Who left takes the doors along", sent, answer);
        var known = Ids.TryParse("gen", id, out var workspaceId, out var key) && workspaceId == ask.WorkspaceId;
        var admission = RowJson.ReadAny<Admission>(Row(ask, Admission.RowKeyOf(key)));
        if (!Require(known && admission?.Find(id) is not null, "Each answered success is stored", sent, answer))
        {
            return;
        }

        var generation = admission!.Find(id)!;
        Require(
            MarkOf(generation) == ask.Mark && Number(answer, "charged.credits") == generation.Charged.ToDecimal() && Number(answer, "cost") == generation.Cost.ToDecimal(),
            "Each answered success is stored",
            sent,
            answer);
        Require(admission.TestMode == ask.Test && answer.At("test_mode")?.GetBoolean() == ask.Test, "Live and test never meet", sent, answer);
        Require(ask.Quoted is null || Number(answer, "cost") == ask.Quoted, "A quote is kept", sent, answer);
        _proof.Attempts[key] = new Attempt(workspaceId, key, Batch: false, ask.Scope ?? ask.Request.Label) { Answered = [(id, generation.Charged)] };
        Count(sent, answer);
    }

    /// <summary>What is sure of a key's window: the admissions in it.</summary>
    private void Count(Sent sent, WebAnswer answer)
    {
        if (answer.Replayed)
        {
            return;
        }

        var policy = (answer.Headers.GetValueOrDefault("RateLimit-Policy") ?? "").Split(';').Skip(1).Select(part => int.Parse(part[2..], CultureInfo.InvariantCulture)).ToList();
        if (!Require(policy.Count == 2, "A key is told how its limit stands", sent, answer))
        {
            return;
        }

        var hit = new RateHit(sent.Ask.Request.ApiKey!, new RateLimit(policy[0], policy[1], policy[1] == 3_600 ? RateLimitKind.FixedHour : RateLimitKind.Sliding));
        var hits = _proof.Hits.TryGetValue(hit, out var known) ? known : _proof.Hits[hit] = [];
        hits.Add(answer.At("created_at")!.Value.GetDateTimeOffset());
    }

    private static decimal? Number(WebAnswer answer, string path) => answer.At(path) is { ValueKind: JsonValueKind.Number } number ? number.GetDecimal() : null;

    private Row? Row(WebAsk ask, string key) => _world.Tables.Read(new Partition(Table.Ledger, ask.WorkspaceId), key);

    // An account has its id from the answer.
    private IEnumerable<T> Stored<T>(Sent sent, string prefix) => (sent.Ask.WorkspaceId.Length > 0 ? [new Partition(Table.Ledger, sent.Ask.WorkspaceId)] : _world.Tables.Partitions(Table.Ledger))
        .SelectMany(partition => _world.Tables.Rows(partition, prefix)).Select(row => RowJson.Read<T>(row.Data));

    private bool Require(bool so, string invariant, Sent sent, WebAnswer answer) =>
        _world.Require(so, invariant, () => $"{sent.Ask.Request.Label}, {sent.Ask.Request.Line} {sent.Ask.Request.IdempotencyKey} {sent.Ask.Request.Body}: {answer.Status} {answer.Body}");

    /// <summary>All that was heard of one Idempotency-Key.</summary>
    internal sealed class Story(string asked)
    {
        public string Asked => asked;

        public int Sends { get; set; }

        public Reply? Reply { get; set; }

        /// <summary>Answers that did not call themselves repeats.</summary>
        public int Fresh { get; set; }
    }

    /// <summary>What became of the requests that have a mark.</summary>
    private sealed class Marked(WebAsk ask)
    {
        public WebAsk Ask => ask;

        /// <summary>Those of which nobody knows.</summary>
        public int Open { get; set; }

        public bool Accepted { get; set; }
    }
}
