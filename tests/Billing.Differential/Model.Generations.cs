namespace Billing.Differential;

/// <summary>Admits and how they end.</summary>
internal sealed partial class Model
{
    private static readonly string[] Refunded = ["server_error", "rendering_error", "invalid_input"];
    private readonly Dictionary<(bool Test, string Key), (string Body, string Answer)> _answers = [];
    private readonly List<(Way Way, DateTimeOffset At)> _hits = [];

    /// <summary>What an admit should be answered with; nothing has happened yet.</summary>
    /// <param name="cost">By today's catalog, or by the quote.</param>
    public Expected Admit(Way way, decimal cost, string body, string? key)
    {
        var test = way.Test;
        if (key is not null && _answers.TryGetValue((test, key), out var stored))
        {
            return stored.Body == body ? new Expected(201) { Replays = stored.Answer } : new Expected(422, "IDEMPOTENCY_KEY_REUSED");
        }

        if (RoomIn(way) <= 0)
        {
            return new Expected(429, "TOO_MANY_REQUESTS");
        }

        if (!test && Paused)
        {
            return new Expected(402, "PAYMENT_REQUIRED");
        }

        if (Limits?.Slots is { } slots && Running >= slots)
        {
            return new Expected(429, "CONCURRENCY_LIMIT");
        }

        if (!test && Debt > 0)
        {
            return new Expected(402, null, ("data.debt", Debt));
        }

        return test || cost <= Balance || Limits?.OverageCents is not null ? Accepted(test, cost) : Short(cost);
    }

    private Expected Accepted(bool test, decimal cost)
    {
        var taken = test ? 0 : Math.Min(cost, Balance);
        var units = test || taken == cost ? 0 : 1;
        return new Expected(201, null,
            ("status", "running"), ("test_mode", test), ("cost", cost), ("charged.credits", taken), ("charged.overage_units", (decimal)units), ("credits", Balance - taken));
    }

    private Expected Short(decimal cost)
    {
        var monthly = facts.ExhaustedIsMonthly && Plan is not null && !Paused && (!Canceled || facts.Default is not null);
        return new Expected(monthly ? 429 : 402, monthly ? "MONTHLY_LIMIT" : "INSUFFICIENT_CREDITS",
            ("data.required", cost), ("data.available", Balance), ("data.shortfall", cost - Balance));
    }

    /// <summary>It was admitted.</summary>
    public void Admitted(string id, bool test, decimal cost, int units, DateTimeOffset expiresAt)
    {
        var took = test ? [] : Take(Math.Min(cost, Balance));
        var month = test || took.Sum(part => part.Amount) == cost ? null : MonthOf(Now);
        if (month is not null)
        {
            _units[month] = _units.GetValueOrDefault(month) + 1;
        }

        _generations[id] = new Generation(id, test, cost, units, took, month) { ExpiresAt = expiresAt };
    }

    public void Answered(bool test, string key, string body, string answer) => _answers[(test, key)] = (body, answer);

    /// <summary>A day later nobody promises a stored answer any more.</summary>
    public void ForgetAnswers() => _answers.Clear();

    public bool Knows(bool test, string key) => _answers.ContainsKey((test, key));

    /// <summary>A request under a limit was answered: counted where requests are counted, else where it was admitted.</summary>
    public void Count(Way way, Expected answer)
    {
        var counts = facts.CountsRequests ? answer is { Code: not "TOO_MANY_REQUESTS" and not "IDEMPOTENCY_KEY_REUSED", Replays: null } : answer is { Status: 201, Replays: null };
        if (counts)
        {
            _hits.Add((way, Now));
        }
    }

    /// <summary>How many more the window of the key, or of the workspace that is named, lets in.</summary>
    public int RoomIn(Way way) => ((way.Test ? facts.TestLimit : null) ?? LimitNow) - _hits.Count(hit => hit.Way == way && IsInWindow(hit.At));

    private int LimitNow => Limits?.Limit ?? facts.NoPlanLimit;

    private bool IsInWindow(DateTimeOffset at) => facts.Slides
        ? at > Now - facts.Window
        : at.Ticks / facts.Window.Ticks == Now.Ticks / facts.Window.Ticks;

    /// <summary>The generation is settled, if nobody was faster.</summary>
    public Expected Complete(string id, int? units)
    {
        var generation = _generations[id];
        if (generation.Status != "running")
        {
            return Again(generation, "completed", generation.Succeeded == (units ?? generation.Units));
        }

        generation.Succeeded = units ?? generation.Units;
        var kept = Math.Ceiling(generation.Charged * generation.Succeeded * 1_000 / generation.Units) / 1_000;
        Settle(generation, "completed", generation.Charged - kept, generation.Succeeded == 0 && generation.OverageMonth is not null);
        return new Expected(200, null, ("status", "completed"), ("credits", Balance));
    }

    public Expected Fail(string id, string reason)
    {
        var generation = _generations[id];
        if (generation.Status != "running")
        {
            return Again(generation, "failed", generation.Reason == reason);
        }

        generation.Reason = reason;
        var refunded = Refunded.Contains(reason);
        Settle(generation, "failed", refunded ? generation.Charged : 0, refunded && generation.OverageMonth is not null);
        return new Expected(200, null, ("status", "failed"), ("credits", Balance));
    }

    public void Heartbeat(string id, DateTimeOffset expiresAt) => _generations[id].ExpiresAt = expiresAt;

    /// <summary>The customer asks for a refund: what is left of the charge, once, for a person to review.</summary>
    public Expected AskRefund(string id)
    {
        var generation = _generations[id];
        if (generation.Asked is not null)
        {
            return new Expected(202);
        }

        if (generation.Status == "running")
        {
            return new Expected(409, "CONFLICT");
        }

        var owed = _owed.Where(one => one.Generation == generation).ToList();
        var credits = generation.Charged - generation.Returned - owed.Sum(one => one.Credits);
        var overage = generation is { OverageMonth: not null, OverageReturned: false } && !owed.Exists(one => one.Overage);
        if (generation.Test || (credits <= 0 && !overage))
        {
            return new Expected(422, "REFUND_NOT_ELIGIBLE");
        }

        generation.Asked = new Owed(generation, credits, overage);
        return new Expected(202, null, ("status", "pending_review"));
    }

    /// <summary>An operator decides it; the first decision stands.</summary>
    public Expected Review(string id, bool approve)
    {
        var generation = _generations[id];
        if (generation.Approved is { } decided)
        {
            return decided == approve ? new Expected(200) : new Expected(409, "CONFLICT");
        }

        generation.Approved = approve;
        if (approve)
        {
            Owe(generation.Asked!);
        }

        return new Expected(200);
    }

    private static Expected Again(Generation generation, string status, bool same) =>
        generation.Status == status && same ? new Expected(200, null, ("status", status)) : new Expected(409, "ALREADY_SETTLED");

    private void Settle(Generation generation, string status, decimal credits, bool overage)
    {
        generation.Status = status;
        if (credits > 0 || overage)
        {
            Owe(new Owed(generation, credits, overage));
        }
    }
}
