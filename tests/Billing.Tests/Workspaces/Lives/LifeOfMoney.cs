using Billing.Catalogs;
using Billing.Generations;
using Billing.Subscriptions;
using Billing.TopUps;
using Billing.Workspaces;

namespace Billing.Tests.Workspaces.Lives;

/// <summary>Steps about what is bought and given, and the comparison of the two lives.</summary>
internal sealed partial class Life
{
    private readonly List<string> _payments = [];
    private DateTimeOffset? _paidAt;

    private (string Expected, string Actual) Buy()
    {
        var reference = _references.Count > 0 && _random.Next(4) == 0 ? _references[_random.Next(_references.Count)] : $"pay_{Diary.Count}";
        var credits = Credits.Of(_random.Next(5) switch { 0 => 20, 1 => 200, 2 => _random.Next(1, 300), _ => _random.Next(20, 40) });
        var cents = Cents(reference);
        Note($"buy {credits} for {cents} as {reference}");
        var code = _bank.Buy(reference, credits.Thousandths, cents);
        if (code == "ok")
        {
            _references.Add(reference);
        }

        return (code, Code(_workspace.TryBuy(credits.ToDecimal(), reference, cents)));
    }

    /// <summary>Mostly the same for one payment: nothing said, nothing paid, or an odd sum.</summary>
    private long? Cents(string reference)
    {
        var kind = (reference.Sum(letter => letter) + (_random.Next(8) == 0 ? 1 : 0)) % 5;
        return kind == 0 ? null : 2_499L * (kind - 1);
    }

    private (string Expected, string Actual) Reverse()
    {
        if (_references.Count == 0)
        {
            return ("", "");
        }

        var reference = _references[_random.Next(_references.Count)];
        var (id, name) = (TopUp.IdOf(LiveWorkspace.Id, reference), Any("", "re_1", "re_2", "re_3"));
        if (_random.Next(3) == 0)
        {
            name = name.Length == 0 ? "re_4" : name;
            Note($"reinstate {reference} {name}");
            return (_bank.Reinstate(reference, name), Code(_workspace.TryReinstate(id, name)));
        }

        var part = _random.Next(5) switch { < 2 => 0, 2 => 20_000, _ => _random.NextInt64(1, 25_000) };
        Note($"reverse {part} of {reference} {name}");
        return (_bank.Reverse(reference, name, part), Code(_workspace.TryReverse(id, name.Length == 0 ? null : name, part == 0 ? null : part / 1000m)));
    }

    private (string Expected, string Actual) Give()
    {
        var credits = new Credits(_random.NextInt64(-1, 12_000));
        DateTimeOffset? endsAt = _random.Next(3) == 0 ? null : Now.AddHours(_random.Next(-1, 2_000));
        Note($"give {credits} until {endsAt:s}");
        return (_bank.Give(credits.Thousandths, endsAt, Now), Code(_workspace.Decide(unit => WorkspaceDecisions.Give(unit, new GiveCredits(credits, endsAt, "Goodwill")))));
    }

    private (string Expected, string Actual) Subscribe()
    {
        var plan = Catalog.Plans[_random.Next(Catalog.Plans.Length)];
        var allowance = plan.Allowance.Fixed ?? plan.Allowance.Min + Credits.Of(100 * _random.Next(4));
        DateTimeOffset? startedAt = _random.Next(5) switch { 0 => Now.AddHours(-_random.Next(3_000)), 1 => _bank.Contract?.Anchor, _ => null };
        startedAt = _random.Next(30) == 0 ? Now.AddSeconds(1) : startedAt;
        Note($"subscribe to {plan.Id} with {allowance} since {startedAt:s}");
        var command = new Subscribe(plan.Id, plan.Allowance.Fixed is null ? allowance : null, startedAt);
        return (
            _bank.Subscribe(new PlanChoice(plan.Id, allowance, plan.Free), startedAt, Now),
            Code(_workspace.Decide(unit => SubscriptionDecisions.Subscribe(unit, Catalog, command))));
    }

    private (string Expected, string Actual) Cancel()
    {
        Note("cancel");
        return (_bank.Cancel(Now), Code(_workspace.TryCancel()));
    }

    private (string Expected, string Actual) Pay()
    {
        var reference = _payments.Count > 0 && _random.Next(2) == 0 ? _payments[^(_random.Next(Math.Min(3, _payments.Count)) + 1)] : $"inv_{Diary.Count}";
        var status = _random.Next(2) == 0 ? PaymentStatus.Succeeded : Any(Enum.GetValues<PaymentStatus>());
        DateTimeOffset? at = _random.Next(3) switch { 0 => Now.AddHours(-_random.Next(100)), 1 => _paidAt, _ => null };
        var cents = status >= PaymentStatus.Succeeded || _random.Next(9) == 0 ? Cents(reference) : null;
        Note($"payment {reference} {status} of {at:s} for {cents}");
        _payments.Add(reference);
        _paidAt = at ?? Now;
        return (_bank.Pay(reference, status, at ?? Now, Now, cents), Code(_workspace.TryPay(status, reference, at is { } told ? Instants.Text(told) : null, cents)));
    }

    private void Compare()
    {
        var (expected, actual) = (Expected(), Actual());
        if (expected != actual)
        {
            Assert.Equal(expected, actual);
        }
    }

    private string Expected()
    {
        var contract = _bank.Contract;
        return $"""
            {_bank.Of(GrantKind.Plan)} of plan, {_bank.Of(GrantKind.Bonus)} of bonus, {_bank.Of(GrantKind.TopUp)} of top-up, {_bank.Balance} in all, {_bank.Debt} of debt
            {_bank.Shown}
            {_bank.Running} running, {_bank.PendingRefunds} refunds pending
            {_bank.Tab.Count} units of {_bank.Month} for {_bank.Tab.Sum()}, {_bank.InvoiceCredit} of credit
            invoices: {string.Join(", ", _bank.Invoices)}
            {_bank.Period(Now)}
            {contract?.Limits} {contract?.Granted} until {contract?.PaidUntil} {contract?.Paused} {contract?.PausesAt} {contract?.Canceled} {contract?.Ended}
            """;
    }

    private string Actual()
    {
        var (workspace, tab, period) = (_workspace.Account, _workspace.Account.Overage, _workspace.Account.PeriodAt(Now));
        var subscription = workspace.Subscription;
        return $"""
            {Left(GrantKind.Plan)} of plan, {Left(GrantKind.Bonus)} of bonus, {Left(GrantKind.TopUp)} of top-up, {workspace.Balance.Thousandths} in all, {workspace.Debt.Thousandths} of debt
            {string.Join(", ", workspace.Grants.All.Select(Shown))}
            {workspace.Running} running, {workspace.PendingRefunds} refunds pending
            {tab.Lines.Sum(line => line.Units)} units of {(tab.Lines.IsEmpty ? null : tab.Month)} for {tab.Lines.Sum(line => line.Units * line.UnitPrice.AmountMinor)}, {tab.Credit.Values.Sum()} of credit
            invoices: {string.Join(", ", _workspace.Invoices.Select(invoice => (invoice.Month, invoice.Total.AmountMinor, invoice.Credit.AmountMinor)))}
            {(period.StartsAt, period.EndsAt)}
            {subscription?.Current} {subscription?.Allowance.Thousandths} until {subscription?.PeriodEndsAt} {subscription?.Paused} {subscription?.PausesAt} {subscription?.Canceled} {subscription?.Ended}
            """;
    }

    private static string Shown(Grant grant) => grant.Basis is { } basis ? $"{grant.Left.Thousandths} at {basis.Minor}/{basis.Thousandths}" : $"{grant.Left.Thousandths} free";

    private long Left(GrantKind kind) => _workspace.Account.Grants.TotalOf(kind).Thousandths;

    private Credits Cost()
    {
        var balance = _workspace.Account.Balance.Thousandths;
        var cost = _random.Next(8) switch
        {
            0 => balance,
            1 => balance + 1,
            2 => balance / 2,
            3 => _random.NextInt64(1, 100),
            4 => 6_750,
            5 => _random.NextInt64(1, 200_000),
            _ => _random.Next(1, 20) * 1_000L,
        };
        return new Credits(Math.Max(1, cost));
    }

    private Job? AnyJob()
    {
        // Mostly a running one, mostly a young one.
        var jobs = _bank.Jobs.Values.Where(job => job.State == "running" || _random.Next(4) == 0).ToList();
        return jobs.Count == 0 ? null : jobs[Math.Max(_random.Next(jobs.Count), _random.Next(jobs.Count))];
    }

    private (Job Job, Claim Claim, string Id)? AnyClaim()
    {
        var claims = _bank.Jobs.Values
            .SelectMany(job => new[] { (job, job.Automatic, RefundIdOf(job, "a")), (job, job.Manual, RefundIdOf(job, "m")) })
            .Where(one => one.Item2 is { } claim && (!claim.Done || _random.Next(4) == 0))
            .ToList();
        return claims.Count == 0 ? null : claims[_random.Next(claims.Count)]!;
    }

    private T Any<T>(params T[] some) => some[_random.Next(some.Length)];

    private void Note(string what) => Diary.Add(what);

    private static string RefundIdOf(Job job, string kind) => $"rfd_{job.Id[4..]}{kind}";

    private static string Verdict(AdmittedItem item) => item switch
    {
        { Refusal: { } refusal } => refusal.Code,
        { Generation.Overage: not null } => "overage",
        _ => "ok",
    };

    private static string Code<T>(Outcome<T> outcome) => outcome switch
    {
        Outcome<T>.Declined declined => declined.Refusal.Code,
        Outcome<T>.AlreadyApplied => "again",
        _ => "ok",
    };
}
