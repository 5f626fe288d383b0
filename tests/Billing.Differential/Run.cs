using System.Globalization;
using System.Text.Json;

namespace Billing.Differential;

/// <summary>Where product and model parted.</summary>
internal sealed class DifferenceException(string message) : Exception(message);

/// <summary>One run: random steps of one customer, its generation service and an operator, each answer held against the model's.</summary>
internal sealed class Run : IAsyncDisposable
{
    private static readonly string[] Reasons = ["server_error", "rendering_error", "invalid_input", "user_error", "content_policy"];
    private static readonly Way LiveKey = new(Test: false, Named: false);
    private static readonly string[] Statuses = ["succeeded", "succeeded", "succeeded", "failed", "pending"];
    private readonly Product _product = new();
    private readonly Dice _dice;
    private readonly ProductFacts _facts;
    private readonly Model _model;

    /// <summary>True for the life of one who stays on a plan and pays: month after month of overage, and refunds of what was invoiced long ago.</summary>
    private readonly bool _steady;
    private readonly List<string> _told = [];
    private readonly List<(string Token, decimal Cost, Usage Usage, DateTimeOffset Until)> _quotes = [];
    private readonly List<(bool Test, string Key, string Body, decimal Cost, Usage Usage)> _asked = [];
    private readonly List<(string Id, string Generation)> _refunds = [];
    private readonly List<string> _topUps = [];
    private readonly Dictionary<bool, string> _keys = [];
    private readonly (int Weight, Func<Task> Step)[] _steps;
    private string _workspace = "";
    private string _session = "";
    private int _factor = 1;
    private int _count;

    private Run(int seed)
    {
        _dice = new Dice(seed);
        _facts = ProductFacts.All[seed % ProductFacts.All.Length];
        _steady = seed % 2 == 0;
        _model = new Model(_facts, new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero) + _dice.UpTo(TimeSpan.FromDays(300)));
        _steps =
        [
            (30, AdmitAsync), (14, SettleAsync), (4, RepeatAsync), (5, AskRefundAsync), (4, ReviewAsync), (3, QuoteAsync), (4, CheckAsync), (2, HeartbeatAsync), (12, WaitAsync), (2, CarryOutAsync),
            (3, PayAsync), (2, SubscribeAsync), (1, CancelAsync), (2, TopUpAsync), (1, ReverseAsync), (2, GrantAsync), (1, ChangeCatalogAsync), (1, BooksAsync),
        ];
    }

    /// <summary>Plays a seed.</summary>
    /// <exception cref="DifferenceException">Product and model do not agree; the message has the last steps.</exception>
    public static async Task PlayAsync(int seed, int steps)
    {
        await using var run = new Run(seed);
        try
        {
            await run.OpenAsync();
            for (var step = 0; step < steps; step++)
            {
                await run.StepAsync();
            }

            await run.BooksAsync();
        }
        catch (DifferenceException difference)
        {
            throw new DifferenceException($"{run._facts.Id}, seed {seed}: {difference.Message}\n{string.Join('\n', run._told.TakeLast(30))}");
        }
    }

    public ValueTask DisposeAsync() => _product.DisposeAsync();

    private async Task OpenAsync()
    {
        await _product.StartAsync(_model.Now, _factor);
        _model.Open();
        var account = await _product.OperatorAsync(HttpMethod.Post, "admin/accounts", $$"""{"product": "{{_facts.Id}}", "name": "Ada", "email": "ada@example.com"}""");
        _workspace = account.Text("workspace_id");
        var session = await _product.OperatorAsync(HttpMethod.Post, "admin/sessions", $$"""{"account_id": "{{account.Text("account_id")}}"}""");
        _session = session.Text("token");
        foreach (var test in new[] { false, true })
        {
            var key = await _product.CustomerAsync(HttpMethod.Post, "api-keys", $$"""{"name": "Key", "environment": "{{(test ? "test" : "production")}}"}""", _session);
            _keys[test] = key.Text("key");
        }
    }

    private async Task StepAsync()
    {
        _count++;
        var roll = _dice.Below(_steps.Sum(step => step.Weight));
        await _steps.First(step => (roll -= step.Weight) < 0).Step();
        if (_dice.Chance(60))
        {
            await CarryOutAsync();
        }

        Agree("GET credits", _model.State(), await _product.ServiceAsync(HttpMethod.Get, $"credits?workspaceId={_workspace}", null, _keys[false]));
    }

    private async Task AdmitAsync()
    {
        var test = _dice.Chance(15);
        var usage = new Usage(1 + _dice.Below(8), _dice.Below(6));
        var quoted = _quotes.Where(quote => quote.Until > _model.Now).ToList();
        var (members, cost) = (_facts.Body(usage), _facts.Price(usage, _factor));
        if (quoted.Count > 0 && _dice.Chance(40))
        {
            var quote = _dice.Pick(quoted);
            (members, cost, usage) = ($"\"quote\": \"{quote.Token}\"", quote.Cost, quote.Usage);
        }

        var key = _dice.Chance(60) ? $"order-{_count}" : null;
        var body = $$"""{ {{members}}, "metadata": {"step": "{{_count}}"} }""";
        await AskAsync(new Way(test, _dice.Chance(35)), body, cost, usage, key);
    }

    /// <summary>The same bytes again, or other ones, in the same environment or the other one, whichever way the customer is named.</summary>
    private async Task RepeatAsync()
    {
        if (_asked.Count == 0)
        {
            return;
        }

        var asked = _dice.Pick(_asked);
        var (test, body) = _dice.Below(4) switch
        {
            0 => (!asked.Test, asked.Body),
            1 => (asked.Test, asked.Body.Replace("\"step\": \"", "\"step\": \"other ", StringComparison.Ordinal)),
            _ => (asked.Test, asked.Body),
        };
        if (!_model.Knows(test, asked.Key) && body.Contains("\"quote\"", StringComparison.Ordinal))
        {
            return; // a quote may have ended by now, and one of the other environment is another story
        }

        await AskAsync(new Way(test, _dice.Chance(35)), body, _model.Knows(test, asked.Key) ? asked.Cost : _facts.Price(asked.Usage, _factor), asked.Usage, asked.Key);
    }

    private async Task AskAsync(Way way, string body, decimal cost, Usage usage, string? key)
    {
        var test = way.Test;
        // No two expire at the same instant: which of them would repay a debt first is nobody's promise.
        await ArriveAsync(_model.Now + TimeSpan.FromMilliseconds(1));
        var expected = _model.Admit(way, cost, body, key);
        var answer = way.Named
            ? await _product.NamingAsync(HttpMethod.Post, "generations", body, _workspace, test, key)
            : await _product.ServiceAsync(HttpMethod.Post, "generations", body, _keys[test], key);
        Agree($"POST generations{(test ? " (test)" : "")}{(way.Named ? " (named)" : "")} {key} {body}", expected, answer);
        _model.Count(way, expected);
        if (answer.Headers.TryGetValue("X-RateLimit-Remaining", out var remaining) && expected.Code != "TOO_MANY_REQUESTS" && int.Parse(remaining, CultureInfo.InvariantCulture) != _model.RoomIn(way))
        {
            throw new DifferenceException($"{remaining} requests should remain as {_model.RoomIn(way)}");
        }

        if (expected is not { Status: 201, Replays: null })
        {
            return;
        }

        _model.Admitted(answer.Text("id"), test, cost, UnitsOf(usage), _model.Now + TimeSpan.FromHours(1));
        if (key is not null)
        {
            _model.Answered(test, key, body, answer.Body);
            _asked.Add((test, key, body, cost, usage));
        }
    }

    private async Task SettleAsync()
    {
        if (PickGeneration() is not { } generation)
        {
            return;
        }

        var path = $"generations/{generation.Id}/{(_dice.Chance(50) ? "complete" : "fail")}";
        if (path.EndsWith("complete", StringComparison.Ordinal))
        {
            int? units = _dice.Chance(50) ? null : _dice.Below(generation.Units + 1);
            Agree($"POST {path} {units}", _model.Complete(generation.Id, units), await SettleAsync(generation, path, units is null ? "{}" : $$"""{"succeeded_units": {{units}}}"""));
        }
        else
        {
            var reason = _dice.Pick(Reasons);
            Agree($"POST {path} {reason}", _model.Fail(generation.Id, reason), await SettleAsync(generation, path, $$"""{"reason": "{{reason}}"}"""));
        }
    }

    /// <summary>By the service alone, or for the workspace that it names; in the other environment there is no such generation.</summary>
    private async Task<Answer> SettleAsync(Generation generation, string path, string body)
    {
        if (_dice.Chance(10))
        {
            Agree($"POST {path} (the other environment)", new Expected(404, "NOT_FOUND"), await _product.NamingAsync(HttpMethod.Post, path, body, _workspace, !generation.Test));
        }

        return _dice.Chance(40)
            ? await _product.NamingAsync(HttpMethod.Post, path, body, _workspace, generation.Test)
            : await _product.ServiceAsync(HttpMethod.Post, path, body);
    }

    private async Task AskRefundAsync()
    {
        // Those on overage are few, and their refunds come in more ways.
        var onOverage = _dice.Chance(50);
        if (_model.Generations.Where(one => !onOverage || one.OverageMonth is not null).TakeLast(40).ToList() is not { Count: > 0 } some)
        {
            return;
        }

        var id = _dice.Pick(some).Id;
        var expected = _model.AskRefund(id);
        var answer = await _product.ServiceAsync(HttpMethod.Post, "refunds", $$"""{"generation_id": "{{id}}", "reason": "quality_issue", "note": "Blurred"}""", _keys[false]);
        Agree($"POST refunds {id}", expected, answer);
        if (answer.Status == 202 && !_refunds.Exists(one => one.Generation == id))
        {
            _refunds.Add((answer.Text("id"), id));
        }
    }

    /// <summary>Soon or months later.</summary>
    private async Task ReviewAsync()
    {
        if (_refunds.Count == 0)
        {
            return;
        }

        var (id, generation) = _dice.Pick(_refunds);
        var approve = _steady || _dice.Chance(75);
        var expected = _model.Review(generation, approve);
        Agree($"POST {(approve ? "approve" : "deny")} {id}", expected, await _product.OperatorAsync(HttpMethod.Post, $"admin/refunds/{id}/{(approve ? "approve" : "deny")}"));
    }

    private async Task HeartbeatAsync()
    {
        if (PickGeneration() is not { } generation)
        {
            return;
        }

        var runs = generation.Status == "running";
        Agree($"POST heartbeat {generation.Id}", runs ? new Expected(200) : new Expected(409, "ALREADY_SETTLED"), await _product.ServiceAsync(HttpMethod.Post, $"generations/{generation.Id}/heartbeat", null));
        if (runs)
        {
            _model.Heartbeat(generation.Id, _model.Now + TimeSpan.FromHours(1));
        }
    }

    private async Task QuoteAsync()
    {
        var usage = new Usage(1 + _dice.Below(8), _dice.Below(6));
        var cost = _facts.Price(usage, _factor);
        var expected = _model.RoomIn(LiveKey) > 0 || !_facts.CountsRequests ? new Expected(200, null, ("cost", cost)) : new Expected(429, "TOO_MANY_REQUESTS");
        var answer = await _product.CustomerAsync(HttpMethod.Post, "generations/quote", $"{{ {_facts.Body(usage)} }}", _keys[false]);
        Agree("POST generations/quote", expected, answer);
        _model.Count(LiveKey, expected);
        if (answer.Status == 200)
        {
            _quotes.Add((answer.Text("quote"), cost, usage, _model.Now + TimeSpan.FromMinutes(15)));
        }
    }

    private async Task CheckAsync()
    {
        var usage = new Usage(1 + _dice.Below(8), _dice.Below(6));
        var cost = _facts.Price(usage, _factor);
        var admit = _model.Admit(LiveKey, cost, "", null);
        var expected = admit.Code == "TOO_MANY_REQUESTS" && _facts.CountsRequests
            ? admit
            : new Expected(200, null, ("allowed", admit.Status == 201), ("cost", cost), ("credits", _model.Balance));
        var answer = await _product.CustomerAsync(HttpMethod.Post, "generations/check", $"{{ {_facts.Body(usage)} }}", _keys[false]);
        Agree("POST generations/check", expected, answer);
        _model.Count(LiveKey, expected);
    }

    /// <summary>Time passes: seconds or hours, and now and then up to the next instant that matters and a little beyond.</summary>
    private async Task WaitAsync()
    {
        var to = _model.Now + _dice.Below(10) switch
        {
            < 5 => _dice.UpTo(TimeSpan.FromMinutes(2)),
            < 7 => _dice.UpTo(TimeSpan.FromHours(2)),
            < 9 => _dice.UpTo(TimeSpan.FromDays(3)),
            _ => _dice.UpTo(TimeSpan.FromDays(40)),
        };
        if (to - _model.Now > TimeSpan.FromHours(3))
        {
            _model.ForgetAnswers();
            _asked.Clear();
        }

        while (_model.NextMoment() is { } moment && moment <= to)
        {
            await ArriveAsync(moment);
        }

        await ArriveAsync(to);
    }

    private async Task ArriveAsync(DateTimeOffset at)
    {
        _told.Add($"  {Product.Iso(at)}");
        await _product.MoveAsync(at);
        _model.Arrive(at);
        await _product.RunJobsAsync();
        await CarryOutAsync();
    }

    private async Task CarryOutAsync()
    {
        await _product.ConsumeAsync();
        _model.CarryOutRefunds();
    }

    private async Task PayAsync()
    {
        var (reference, status) = ($"inv_{_dice.Below(4)}", _steady ? "succeeded" : _dice.Pick(Statuses));
        DateTimeOffset? occurredAt = _dice.Chance(30) ? Milliseconds(_model.Now - _dice.UpTo(TimeSpan.FromDays(5))) : null;
        if (_model.Plan is null)
        {
            return;
        }

        var answer = await _product.OperatorAsync(HttpMethod.Post, $"admin/workspaces/{_workspace}/payments",
            JsonSerializer.Serialize(occurredAt is null ? (object)new { status, reference } : new { status, reference, occurred_at = Product.Iso(occurredAt.Value) }));
        _model.Pay(reference, status, occurredAt);
        Agree($"POST payments {status} {reference} {occurredAt:O}", new Expected(200, null, ("plan_status", _model.State().Members.Single(member => member.Path == "plan_status").Value)), answer);
    }

    private async Task SubscribeAsync()
    {
        var plan = _steady ? _facts.Plans[1].Id : _dice.Pick(_facts.Plans).Id;
        _model.Subscribe(plan);
        Agree($"PUT subscription {plan}", new Expected(200), await _product.OperatorAsync(HttpMethod.Put, $"admin/workspaces/{_workspace}/subscription", $$"""{"plan": "{{plan}}"}"""));
    }

    private async Task CancelAsync()
    {
        if (_model.Plan is null || _steady)
        {
            return;
        }

        _model.Cancel();
        Agree("DELETE subscription", new Expected(200), await _product.OperatorAsync(HttpMethod.Delete, $"admin/workspaces/{_workspace}/subscription"));
    }

    private async Task TopUpAsync()
    {
        var credits = _facts.TopUps is { } sold ? sold.Least + _dice.Below(Math.Min(60, sold.Most - sold.Least)) : 10;
        var answer = await _product.OperatorAsync(HttpMethod.Post, $"admin/workspaces/{_workspace}/top-ups", $$"""{"credits": {{credits}}, "reference": "ch_{{_count}}"}""");
        Agree($"POST top-ups {credits}", _facts.TopUps is null ? new Expected(answer.Status is >= 400 and < 500 ? answer.Status : 422) : new Expected(201), answer);
        if (_facts.TopUps is not null)
        {
            _topUps.Add(answer.Text("id"));
            _model.TopUp(answer.Text("id"), credits);
        }
    }

    private async Task ReverseAsync()
    {
        if (_topUps.Count == 0)
        {
            return;
        }

        var id = _dice.Pick(_topUps);
        _topUps.Remove(id);
        _model.Reverse(id);
        Agree($"POST reverse {id}", new Expected(200), await _product.OperatorAsync(HttpMethod.Post, $"admin/workspaces/{_workspace}/top-ups/{id}/reverse", """{"reason": "dispute"}"""));
    }

    private async Task GrantAsync()
    {
        var credits = 1 + _dice.Below(20);
        DateTimeOffset? ends = _dice.Chance(50) ? new DateTimeOffset((_model.Now + _dice.UpTo(TimeSpan.FromDays(20))).Ticks / 10_000_000 * 10_000_000 + 10_000_000, TimeSpan.Zero) : null;
        _model.Grant(credits, ends);
        Agree($"POST grants {credits} {ends:O}", new Expected(201), await _product.OperatorAsync(HttpMethod.Post, $"admin/workspaces/{_workspace}/grants",
            JsonSerializer.Serialize(ends is null ? (object)new { credits, reason = "Goodwill" } : new { credits, reason = "Goodwill", expires_at = Product.Iso(ends.Value) })));
    }

    private async Task ChangeCatalogAsync()
    {
        _factor = 3 - _factor;
        _told.Add($"  prices × {_factor}");
        await _product.StartAsync(_model.Now, _factor);
    }

    /// <summary>The ledger adds up, and every month that is over was invoiced once.</summary>
    private async Task BooksAsync()
    {
        var audit = await _product.OperatorAsync(HttpMethod.Get, $"admin/workspaces/{_workspace}/audit");
        Agree("GET audit", new Expected(200, null, ("ok", true), ("ledger_balance", _model.Balance), ("balance", _model.Balance)), audit);
        var invoices = await _product.OperatorAsync(HttpMethod.Get, $"admin/workspaces/{_workspace}/invoices");
        var found = invoices.Root.GetProperty("invoices").EnumerateArray()
            .Select(invoice => (invoice.GetProperty("month").GetString()!, invoice.GetProperty("total").GetProperty("amount_minor").GetInt32())).Order().ToList();
        if (!found.SequenceEqual(_model.Invoices.Order()))
        {
            throw new DifferenceException($"Invoices should be {string.Join(", ", _model.Invoices.Order())}, not {string.Join(", ", found)}");
        }
    }

    private Generation? PickGeneration()
    {
        var running = _model.Generations.Where(one => one.Status == "running").ToList();
        var ended = _model.Generations.TakeLast(20).ToList();
        return running.Count > 0 && _dice.Chance(85) ? _dice.Pick(running) : ended.Count > 0 ? _dice.Pick(ended) : null;
    }

    private static DateTimeOffset Milliseconds(DateTimeOffset at) => new(at.Ticks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond, TimeSpan.Zero);

    private int UnitsOf(Usage usage) => _facts.Id == "bloom" ? usage.First : 1;

    private void Agree(string what, Expected expected, Answer answer)
    {
        _told.Add($"{_count}. {what} → {answer.Status}");
        if (expected.Status != answer.Status)
        {
            throw new DifferenceException($"{what} should answer {expected.Status} {expected.Code}, not {answer.Status} {answer.Body}");
        }

        if (expected.Replays is { } stored)
        {
            Same($"{what}: the stored answer", stored, answer.Body);
            return;
        }

        foreach (var (path, value) in expected.Code is null ? expected.Members : [.. expected.Members, ("code", expected.Code)])
        {
            Same($"{what}: {path}", value, answer.At(path));
        }
    }

    private static void Same(string what, object? expected, object? actual)
    {
        if (!Equals(expected, actual))
        {
            throw new DifferenceException($"{what} should be {expected ?? "null"}, not {actual ?? "null"}");
        }
    }
}
