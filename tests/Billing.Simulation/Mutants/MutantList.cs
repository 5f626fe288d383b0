using System.Collections.Immutable;

namespace Billing.Simulation.Mutants;

/// <summary>Every deliberate bug: each one a mistake that a person could make.</summary>
internal static class MutantList
{
    public static readonly ImmutableArray<Mutant> All =
    [
        new(1, "the account row is written without If-Match",
            new Patch("Accounts/AccountRows.cs", "former is null ? WriteKind.Insert : WriteKind.Replace", "former is null ? WriteKind.Insert : § ? WriteKind.Put : WriteKind.Replace")),
        new(2, "the account row is updated first, the rows it tells of are inserted after it",
            new Patch(
                "Writing/Commit.cs",
                "            return await ports.Ledger.CommitAsync(partition, changes.Writes, default).ConfigureAwait(false);\n",
                """
                            if (§ && changes.Writes.Length > 1)
                            {
                                var updated = await ports.Ledger.CommitAsync(partition, [changes.Writes[^1]], default).ConfigureAwait(false);
                                return updated is CommitResult.Committed ? await ports.Ledger.CommitAsync(partition, changes.Writes[..^1], default).ConfigureAwait(false) : updated;
                            }

                            return await ports.Ledger.CommitAsync(partition, changes.Writes, default).ConfigureAwait(false);

                """)),
        new(3, "doorbells are rung after the commit, and nothing recovers a lost one",
            new Patch("Writing/Round.cs", "await _doorbells.RingAsync(draft.Doorbells).ConfigureAwait(false);", "if (!§) await _doorbells.RingAsync(draft.Doorbells).ConfigureAwait(false);"),
            new Patch("Writing/Round.cs", "_doorbells.Reveal(draft.Doorbells);", "if (§) await _doorbells.RingAsync(draft.Doorbells).ConfigureAwait(false);\n            _doorbells.Reveal(draft.Doorbells);"),
            new Patch("Jobs/DueConsumer.cs", "if (queue == Queues.Expirations)", "if (!§ && queue == Queues.Expirations)")),
        new(4, "a refund that was carried out is carried out again",
            new Patch("Refunds/RefundDecisions.cs", "if (refund.Status != RefundStatus.Pending)\n", "if (refund.Status != RefundStatus.Pending && !§)\n")),
        new(5, "the kept share of a charge is rounded down",
            new Patch("Credits.cs", "(Int128)Thousandths * part + whole - 1)", "(Int128)Thousandths * part + (§ ? 0 : whole - 1))")),
        new(6, "no answer is taken for success",
            new Patch("Writing/Commit.cs", "            TimedOut |= result is CommitResult.Unknown;\n", "            if (§ && result is CommitResult.Unknown)\n            {\n                return new CommitResult.Committed([.. changes.Writes.Select(_ => (string?)null)]);\n            }\n\n            TimedOut |= result is CommitResult.Unknown;\n")),
        new(7, "no answer is taken for failure, and decided again",
            new Patch("Writing/Commit.cs", "        if (changes.Name is not { } name)\n", "        if (§)\n        {\n            return new CommitResult.Stale(Account.RowKey);\n        }\n\n        if (changes.Name is not { } name)\n")),
        new(8, "a repeat is refused without looking for its earlier answer",
            new Patch("Writing/Round.cs", "if (!_checkOperations && looked", "if (!§ && !_checkOperations && looked")),
        new(9, "a window lets in one hit too many",
            new Patch("RateLimits/RateWindow.cs", "if (excess > 0)", "if (excess > (§ ? 1 : 0))")),
        new(10, "a payment that resumes renews, whatever the period",
            new Patch("Accounts/PaymentDecisions.cs", "if (!paused && subscription.PeriodEndsAt <= draft.Now)", "if (!paused && (§ || subscription.PeriodEndsAt <= draft.Now))")),
        new(11, "credit that an invoice used up stays",
            new Patch("Overage/MonthClose.cs", "credits.GetValueOrDefault(currency) - used;", "credits.GetValueOrDefault(currency) - (§ ? 0 : used);")),
        new(12, "the search for expired generations forgets those that still run",
            new Patch("Writing/Expired.cs", "Found(null, Earlier(_earliestAt, fullTimeAt))", "Found(null, § ? null : Earlier(_earliestAt, fullTimeAt))")),
        new(13, "a refusal rests on what this process remembers",
            new Patch("Writing/Round.cs", "if (_fresh ||", "if (§ || _fresh ||")),
        new(14, "stored answers are deleted after an hour",
            new Patch("Jobs/RetentionConsumer.cs", "CreatedAt + Operation.KeptFor <= now", "CreatedAt + (§ ? TimeSpan.FromHours(1) : Operation.KeptFor) <= now")),
        new(15, "a due link is remembered before it is stored",
            new Patch("Writing/Round.cs", ".Where(link => !lane.Knows(link)).Distinct().ToList();\n", ".Where(link => !lane.Knows(link)).Distinct().ToList();\n        if (§)\n        {\n            links.ForEach(lane.Remember);\n        }\n\n")),
        new(16, "a due link goes though something is left to do",
            new Patch("Jobs/DueConsumer.cs", "return link.IsDone(account, now);", "return § || link.IsDone(account, now);")),
    ];
}
