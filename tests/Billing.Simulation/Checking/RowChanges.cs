using Billing.Engine.Committing;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Events;
using Billing.Generations;
using Billing.Simulation.Runs;
using Billing.Subscriptions;
using Billing.TopUps;
using Billing.Webhooks;
using Billing.Workspaces;

namespace Billing.Simulation.Checking;

/// <summary>The rows of one transaction beside the account row, and whether each may change as it does.</summary>
internal sealed class RowChanges(World world, string workspaceId)
{
    private static readonly string[] GuardedPrefixes = [LedgerPage.Prefix, Admission.Prefix, Refund.Prefix, "inv:", TopUp.Prefix, Payment.Prefix];
    private static readonly TimeSpan LongestWait = RetrySchedule.NextAttemptAt(RetrySchedule.MaxAttempts - 1, default, RetrySchedule.MaxJitterPermille)!.Value - default(DateTimeOffset);
    private readonly Dictionary<string, (Admission? Before, Admission? After)> _admissions = [];

    /// <summary>New ledger entries with their text, oldest first.</summary>
    public SortedList<long, (LedgerEntry Entry, string Data)> Entries { get; } = [];

    public bool WritesAccount { get; private set; }

    /// <summary>True when a row is among them that the account tells of.</summary>
    public bool Guarded { get; private set; }

    /// <summary>By how much the number of refunds that wait for the queue grows.</summary>
    public int Pending { get; private set; }

    /// <summary>The numbers of the events that are told.</summary>
    public SortedSet<long> Events { get; } = [];

    /// <summary>By how much the number of slots in use grows.</summary>
    public int Slots => _admissions.Values.Sum(pair => SlotsOf(pair.After) - SlotsOf(pair.Before));

    /// <summary>What was admitted.</summary>
    public IEnumerable<Admission> Admitted => _admissions.Values.Where(pair => pair.Before is null).Select(pair => pair.After).OfType<Admission>();

    public void Look(RowWrite write, Row? before)
    {
        var key = write.Row.Key;
        var after = write.Kind == WriteKind.Delete ? null : write.Row;
        Guarded |= GuardedPrefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal));
        switch (key.Split(':')[0])
        {
            case Workspace.RowKey:
                WritesAccount = after is not null;
                break;
            case "txn":
                Require(before is null && after is not null, "Ledger entries are never changed or removed", key);
                foreach (var entry in RowJson.Read<LedgerPage>(after!.Data).Entries)
                {
                    Entries.Add(entry.Sequence, (entry, after.Data.Text));
                }

                break;
            case "evt":
                Require(after is null || before is null, "Events never change", key);
                LookAtEvent(after);
                break;
            case "dlv":
                LookAtDelivery(key, before, after);
                break;
            case "out":
                LookAtNote(after);
                break;
            case "hook":
                LookAtEndpoint(before, after);
                break;
            case "inv":
                Require(before is null && after is not null, "One invoice per month, never changed", key);
                break;
            case "gen":
                LookAtAdmission(key, before, after);
                break;
            case "pay":
                Require(
                    after is not null && (before is null || Newer(RowJson.Read<Payment>(before.Data), RowJson.Read<Payment>(after.Data))),
                    "A payment never goes back to what it was",
                    key);
                break;
            case "refund":
                LookAtRefund(key, before, after);
                break;
            case "op":
                LookAtOperation(key, before, after);
                break;
        }
    }

    /// <summary>Proves what can only be seen when all rows were.</summary>
    public void Prove()
    {
        foreach (var (key, (before, after)) in _admissions)
        {
            Require(after is not null, "A generation is never removed", key);
            foreach (var generation in after!.Generations)
            {
                ProveGeneration(before?.Find(generation.Id), generation);
            }

            Require(before is null || before.Generations.Length == after.Generations.Length, "A batch keeps its generations", key);
        }
    }

    private void ProveGeneration(Generation? before, Generation after)
    {
        Require(after.Refunded <= after.Charged && after.Refunded >= Credits.Zero, "Refunds never exceed the charge", $"{after.Id}: {after.Refunded} of {after.Charged}");
        if (before is not null)
        {
            Require(before.Runs || (before.Status == after.Status && before.SucceededUnits == after.SucceededUnits && before.Reason == after.Reason), "The first settlement stands", after.Id);
            Require(after.Refunded >= before.Refunded && before.Charged == after.Charged, "A charge never changes", after.Id);
        }
    }

    private void LookAtAdmission(string key, Row? before, Row? after)
    {
        var id = key.Split(':')[1];
        var known = _admissions.GetValueOrDefault(id);
        var was = before is null ? null : RowJson.Read<Admission>(before.Data);
        var becomes = after is null ? null : RowJson.Read<Admission>(after.Data);
        Require(becomes is null || becomes.RowKey == key, "A generation stands where it is looked for", key);
        _admissions[id] = (known.Before ?? was, known.After ?? becomes);
    }

    private void LookAtRefund(string key, Row? before, Row? after)
    {
        var was = before is null ? null : RowJson.Read<Refund>(before.Data);
        Require(after is not null, "A refund is never removed", key);
        var becomes = RowJson.Read<Refund>(after!.Data);
        Require(was is not { Status: RefundStatus.Succeeded or RefundStatus.Denied } || was.Status == becomes.Status, "A refund ends once", key);
        Pending += (becomes.Status == RefundStatus.Pending ? 1 : 0) - (was?.Status == RefundStatus.Pending ? 1 : 0);
    }

    private void LookAtEvent(Row? after)
    {
        if (after is null)
        {
            return;
        }

        Guarded = true;
        var told = RowJson.Read<BillingEvent>(after.Data);
        Events.Add(told.Sequence);
        Require(told.Targets.IsEmpty || Stored(ScheduledAttempt.OfEvent(told.Sequence).RowKey), "An event is told with its note", after.Key);
    }

    private void LookAtDelivery(string key, Row? before, Row? after)
    {
        if (after is null)
        {
            return;
        }

        var (was, becomes) = (before is null ? null : RowJson.Read<WebhookDelivery>(before.Data), RowJson.Read<WebhookDelivery>(after.Data));
        Require(becomes.AttemptCount - (was?.AttemptCount ?? 0) is 0 or 1, "Each attempt is stored once", key);
        Require(becomes.Tries <= RetrySchedule.MaxAttempts, "No delivery is attempted more often than the schedule says", $"{key}: {becomes.Tries}");
        Require(!(becomes.NextAttemptAt > world.Loop.Now + world.MostSkew + LongestWait), "No attempt is put off for longer than the schedule says", $"{key}: {becomes.NextAttemptAt:O}");
        Require(becomes.Note is not { } note || Stored(note.RowKey), "What is pending has its note", $"{key}: {becomes}");
        Require(was is null || was.Note is not { } former || former.At == becomes.NextAttemptAt || !Stored(former.RowKey), "What is pending has one note", $"{key}: {was}");
    }

    private void LookAtNote(Row? after)
    {
        if (after is null)
        {
            return;
        }

        // What is due at once is linked a quarter of an hour ahead, by a clock that may be fast.
        var at = RowJson.Read<ScheduledAttempt>(after.Data).At;
        var earliest = DueIndexEntry.At(workspaceId, Queues.Webhooks, at ?? world.Loop.Now - TimeSpan.FromHours(1)).Partition.Key;
        var latest = DueIndexEntry.At(workspaceId, Queues.Webhooks, at ?? world.Loop.Now + TimeSpan.FromMinutes(20)).Partition.Key;
        Require(
            world.Tables.Partitions(Table.Schedule).Any(partition =>
                string.CompareOrdinal(partition.Key, earliest) >= 0 && string.CompareOrdinal(partition.Key, latest) <= 0 && world.Tables.Read(partition, workspaceId) is not null),
            "The due index leads to whatever is due",
            after.Key);
    }

    private void LookAtEndpoint(Row? before, Row? after)
    {
        if (after is null && before is not null)
        {
            world.Receivers.Remove(RowJson.Read<WebhookEndpoint>(before.Data).Url);
        }
    }

    private bool Stored(string key) => world.Tables.Read(new Partition(Table.Ledger, workspaceId), key) is not null;

    private void LookAtOperation(string key, Row? before, Row? after)
    {
        Guarded |= after is not null;
        Require(before is null || after is null, "A stored answer never changes", key);
        if (after is null)
        {
            var age = world.Loop.Now + world.MostSkew - RowJson.Read<Operation>(before!.Data).CreatedAt;
            Require(age >= TimeSpan.FromHours(24), "Stored answers are kept for 24 hours", $"{key} was deleted after {age}");
        }
    }

    private static bool Newer(Payment was, Payment becomes) => becomes.Status > was.Status && becomes.FirstAt == was.FirstAt;

    private static int SlotsOf(Admission? admission) => admission is null or { TestMode: true } ? 0 : admission.Generations.Count(generation => generation.Runs);

    private void Require(bool so, string invariant, string detail) => world.Require(so, invariant, () => detail);
}
