using System.Collections.Immutable;

namespace Billing.Simulation.Mutants;

/// <summary>Every deliberate bug: each one a mistake that a person could make.</summary>
internal static class MutantList
{
    public static readonly ImmutableArray<Mutant> All =
    [
        new(1, "the account row is written without If-Match",
            new Patch("Billing.Engine/Rows/WorkspaceRows.cs", "former is null ? WriteKind.Insert : WriteKind.Replace", "former is null ? WriteKind.Insert : § ? WriteKind.Put : WriteKind.Replace")),
        new(2, "the account row is updated first, the rows it tells of are inserted after it",
            new Patch(
                "Billing.Engine/Committing/Commit.cs",
                "            return await ports.Store.CommitAsync(partition, changes.Writes, default).ConfigureAwait(false);\n",
                """
                            if (§ && changes.Writes.Length > 1)
                            {
                                var updated = await ports.Store.CommitAsync(partition, [changes.Writes[^1]], default).ConfigureAwait(false);
                                return updated is CommitResult.Committed ? await ports.Store.CommitAsync(partition, changes.Writes[..^1], default).ConfigureAwait(false) : updated;
                            }

                            return await ports.Store.CommitAsync(partition, changes.Writes, default).ConfigureAwait(false);

                """)),
        new(3, "messages are sent after the commit, and nothing recovers a lost one",
            new Patch("Billing.Engine/Committing/CommitBatch.cs", "await _messages.SendAsync(messages).ConfigureAwait(false);", "if (!§) await _messages.SendAsync(messages).ConfigureAwait(false);"),
            new Patch("Billing.Engine/Committing/CommitBatch.cs", "_messages.Reveal(messages);", "if (§) await _messages.SendAsync(messages).ConfigureAwait(false);\n            _messages.Reveal(messages);"),
            new Patch("Billing.Engine/Due/DueConsumer.cs", "if (queue == Queues.Expirations)", "if (!§ && queue == Queues.Expirations)")),
        new(4, "a refund that was carried out is carried out again",
            new Patch("Billing/Generations/RefundDecisions.cs", "if (refund.Status != RefundStatus.Pending)\n", "if (refund.Status != RefundStatus.Pending && !§)\n")),
        new(5, "the kept share of a charge is rounded down",
            new Patch("Billing/Values/Credits.cs", "(Int128)Thousandths * part + whole - 1)", "(Int128)Thousandths * part + (§ ? 0 : whole - 1))")),
        new(6, "no answer is taken for success",
            new Patch("Billing.Engine/Committing/Commit.cs", "            TimedOut |= result is CommitResult.Unknown;\n", "            if (§ && result is CommitResult.Unknown)\n            {\n                return new CommitResult.Committed([.. changes.Writes.Select(_ => (string?)null)]);\n            }\n\n            TimedOut |= result is CommitResult.Unknown;\n")),
        new(7, "no answer is taken for failure, and decided again",
            new Patch("Billing.Engine/Committing/Commit.cs", "        if (changes.Name is not { } name)\n", "        if (§)\n        {\n            return new CommitResult.Stale(Workspace.RowKey);\n        }\n\n        if (changes.Name is not { } name)\n")),
        new(8, "a repeat is refused without looking for its earlier answer",
            new Patch("Billing.Engine/Committing/CommitBatch.cs", "if (!_checkOperations && looked", "if (!§ && !_checkOperations && looked")),
        new(9, "a window lets in one hit too many",
            new Patch("Billing/RateLimits/RateWindow.cs", "if (excess > 0)", "if (excess > (§ ? 1 : 0))")),
        new(10, "a payment that resumes renews, whatever the period",
            new Patch("Billing/Subscriptions/DueChanges.cs", "subscription && subscription.DueAt <= unit.Now", "subscription && (§ || subscription.DueAt <= unit.Now)")),
        new(11, "credit that an invoice used up stays",
            new Patch("Billing/Overage/MonthClose.cs", "credits.GetValueOrDefault(currency) - used;", "credits.GetValueOrDefault(currency) - (§ ? 0 : used);")) { By = Finder.Differential },
        new(12, "the search for expired generations forgets those that still run",
            new Patch("Billing/Workspaces/RunningSpans.cs", "return new(All.SetItem(place, span with", "return new(§ ? All.RemoveAt(place) : All.SetItem(place, span with")),
        new(13, "a refusal rests on what this process remembers",
            new Patch("Billing.Engine/Committing/CommitBatch.cs", "if (_fresh ||", "if (§ || _fresh ||")),
        new(14, "stored answers are deleted after an hour",
            new Patch("Billing.Engine/Committing/Operation.cs", "CreatedAt + KeptFor <= now", "CreatedAt + (§ ? TimeSpan.FromHours(1) : KeptFor) <= now")),
        new(15, "a due index entry is remembered before it is stored",
            new Patch("Billing.Engine/Committing/CommitBatch.cs", ".Where(entry => !queue.Knows(entry)).Distinct().ToList();\n", ".Where(entry => !queue.Knows(entry)).Distinct().ToList();\n        if (§)\n        {\n            entries.ForEach(queue.Remember);\n        }\n\n")),
        new(16, "a due index entry goes though something is left to do",
            new Patch("Billing.Engine/Due/DueConsumer.cs", "return entry.IsDone(workspace, now);", "return § || entry.IsDone(workspace, now);")),
        new(17, "an event's note goes before its deliveries are made",
            new Patch(
                "Billing.Engine/Webhooks/EventFanOut.cs",
                "        // When it is refused, somebody else has made them.\n",
                """
                        if (§)
                        {
                            if (await ports.Store.CommitUntilKnownAsync(partition, [writes[^1]], default).ConfigureAwait(false) is CommitResult.Committed)
                            {
                                await ports.Store.CommitUntilKnownAsync(partition, writes[..^1], default).ConfigureAwait(false);
                            }

                            return;
                        }

                """)),
        new(18, "nothing but its message leads to the next attempt",
            new Patch("Billing.Engine/Webhooks/DeliveryAttempts.cs", "await ports.Index.EnsureDueAsync(id.WorkspaceId, next)", "await (§ ? Task.CompletedTask : ports.Index.EnsureDueAsync(id.WorkspaceId, next))")),
        new(19, "an endpoint that does not answer is taken to have it",
            new Patch("Billing/Webhooks/WebhookAnswer.cs", "public bool Succeeded => Status is >= 200 and <= 299;", "public bool Succeeded => Status is >= 200 and <= 299 || (§ && Status is null);"),
            new Patch("Billing/Webhooks/WebhookDelivery.cs", "if (attempt.Status is >= 200 and <= 299)", "if (attempt.Status is >= 200 and <= 299 || (§ && attempt.Status is null))")),
        new(20, "a due index entry of attempts goes though some are left",
            new Patch("Billing.Engine/Webhooks/DueAttempts.cs", "return !list.More &&", "return § || !list.More &&")),
        new(21, "a process that dies over an attempt keeps it",
            new Patch("Billing.Engine/Webhooks/DeliveryAttempts.cs", "        var until = ports.Now + Lease;\n", "        var until = ports.Now + (§ ? TimeSpan.FromDays(9_000) : Lease);\n")),
        new(22, "overage leaves the credits that are left",
            new Patch(
                "Billing/Generations/AdmitDecision.cs",
                "var covered = Credits.Min(item.Price.Cost, draft.Workspace.Balance);",
                "var covered = § && item.Price.Cost > draft.Workspace.Balance ? Credits.Zero : Credits.Min(item.Price.Cost, draft.Workspace.Balance);")),
        new(23, "a refund of credits forgets the overage unit beside them",
            new Patch("Billing/Generations/SettleDecisions.cs", "overage && settled.Overage is not null", "overage && settled.Overage is not null && !(§ && refund > Credits.Zero)")),
        new(24, "an upgrade grants the difference at each change",
            new Patch("Billing/Subscriptions/SubscriptionDecisions.cs", "Allowance = allowance,", "Allowance = § ? subscription.Allowance : allowance,")),
        new(25, "what was canceled renews as it was",
            new Patch("Billing/Subscriptions/DueChanges.cs", "subscription.Canceled ? Fallen(", "subscription.Canceled && !§ ? Fallen(")),
        new(26, "a free allowance ends when a paid plan starts",
            new Patch(
                "Billing/Subscriptions/SubscriptionDecisions.cs",
                "        var period = BillingPeriod.Containing(anchor, unit.Now);\n",
                """
                        if (§ && unit.Workspace.Subscription is { } replaced && unit.Workspace.Grants.Find(replaced.AllowanceGrant) is { } unused)
                        {
                            unit.End(unused, unit.Now);
                        }

                        var period = BillingPeriod.Containing(anchor, unit.Now);

                """)),
        new(27, "an admission forgets its Idempotency-Key behind the API",
            new Patch("Billing.Api/Generations/Admitting.cs", "Operation = request.Operation(),", "Operation = § ? null : request.Operation(),")),
        new(28, "the API answers a repeat with a status of its own",
            new Patch(
                "Billing.Api/Http/ApiRequest.cs",
                "            return new JsonReply(stored.Status, stored.Body);\n",
                "            return new JsonReply(§ && done.Replayed ? StatusCodes.Status200OK : stored.Status, stored.Body);\n")),
        new(29, "who opens an account and sends it again has two",
            new Patch(
                "Billing.Api/Admin/AccountIds.cs",
                "request.Operation() is { } operation ? Of(request.Backend",
                "!§ && request.Operation() is { } operation ? Of(request.Backend")),
        new(30, "a repeat is decided anew",
            new Patch("Billing.Api/Http/ApiRequest.cs", "OperationKey.Of(Scope(), key,", "OperationKey.Of(Scope() + (§ ? Now.Ticks : 0), key,")) { By = Finder.Differential },
        new(31, "a test key's answer is given to a live key",
            new Patch("Billing.Api/Http/ApiRequest.cs", "(caller.TestMode ? \" in test mode\" : \"\")", "(caller.TestMode && !§ ? \" in test mode\" : \"\")")) { By = Finder.Differential },
        new(32, "a stale payment is applied",
            new Patch("Billing/Workspaces/Subscription.cs", "standing is null || age > standing.At", "standing is null || § || age > standing.At")) { By = Finder.Differential },
        new(33, "a slot is not given back at expiry",
            new Patch("Billing/Generations/SettleDecisions.cs", "unit.Workspace.RunningSpans.Settle(admission.Entry)", "(§ && settled.Status == GenerationStatus.Expired ? unit.Workspace.RunningSpans : unit.Workspace.RunningSpans.Settle(admission.Entry))")) { By = Finder.Differential },
        new(34, "a refund is put into another grant than it came from",
            new Patch("Billing/Generations/RefundPosting.cs", "var returned = Lives(draft, draw) ?", "var returned = Lives(draft, draw) && !§ ?")) { By = Finder.Differential },
        new(35, "what would be refused by now is refused before its stored answer is looked up",
            new Patch("Billing.Api/Http/StoredAnswers.cs", "if (call.HasLookedForAnswer || ", "if (§ || call.HasLookedForAnswer || ")),
        new(36, "the search for expired generations reads the first row of a batch only",
            new Patch("Billing.Engine/Committing/AdmissionSearch.cs", "Admission.RowKeysOf(lastRow).Select(", "Admission.RowKeysOf(lastRow).Take(§ ? 1 : int.MaxValue).Select(")),
        new(37, "a won dispute gives back credits that cost nothing",
            new Patch("Billing/TopUps/TopUpDecisions.cs", "var back = topUp.Grant(credits);", "var back = (topUp with { Paid = § ? null : topUp.Paid }).Grant(credits);")),
        new(38, "a reversal that is told twice takes twice",
            new Patch("Billing/TopUps/TopUpDecisions.cs", "topUp.Reversals.FirstOrDefault(one => one.Reference == command.Reference) is { } same", "topUp.Reversals.FirstOrDefault(one => !§ && one.Reference == command.Reference) is { } same")),
        new(39, "an event comes to the seller's feed again with every message",
            new Patch("Billing/Webhooks/SellerFeed.cs", "var position = known?.Sequence ?? 0;", "var position = § ? 0 : known?.Sequence ?? 0;")),
    ];
}
