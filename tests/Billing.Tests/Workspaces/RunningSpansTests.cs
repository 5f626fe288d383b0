using Billing.Workspaces;

namespace Billing.Tests.Workspaces;

public sealed class RunningSpansTests
{
    private static readonly DateTimeOffset Noon = new(2025, 11, 3, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_admitted_within_a_minute_and_256_entries_is_one_span()
    {
        var spans = RunningSpans.None.Begin(10, 2, Noon).Begin(11, 1, Noon.AddMinutes(1)).Begin(265, 1, Noon.AddSeconds(-30));
        Assert.Equal([new RunningSpan(10, 265, 4, Noon.AddSeconds(-30))], spans.All.AsEnumerable());
        Assert.Equal(2, spans.Begin(266, 1, Noon).All.Length);
        Assert.Equal(2, spans.Begin(256, 1, Noon.AddSeconds(31)).All.Length);
        Assert.Equal(2, spans.Begin(256, 1, Noon.AddSeconds(-91)).All.Length);
        Assert.Equal((4, Noon.AddSeconds(-30)), (spans.Running, spans.NextExpiryAt));
    }

    [Fact]
    public void Where_nothing_runs_nothing_expires()
    {
        Assert.Equal((0, null, null), (RunningSpans.None.Running, RunningSpans.None.NextExpiryAt, RunningSpans.None.Due(DateTimeOffset.MaxValue)));
        var over = RunningSpans.None.Begin(10, 2, Noon).Settle(10).Settle(10);
        Assert.Empty(over.All);
    }

    [Fact]
    public void A_settlement_counts_where_its_entry_is()
    {
        var spans = RunningSpans.None.Begin(1, 2, Noon).Begin(5, 3, Noon.AddHours(1));
        Assert.Equal([1, 3], spans.Settle(1).All.Select(span => span.Running));
        Assert.Equal([2, 2], spans.Settle(5).All.Select(span => span.Running));
        Assert.Equal([3], spans.Settle(1).Settle(1).All.Select(span => span.Running));
        Assert.Equal(spans.All, spans.Settle(6).All);
    }

    [Fact]
    public void The_span_that_is_due_is_the_first_whose_time_has_come()
    {
        var spans = RunningSpans.None.Begin(1, 1, Noon.AddHours(2)).Begin(2, 1, Noon).Begin(3, 1, Noon.AddHours(1));
        Assert.Null(spans.Due(Noon.AddTicks(-1)));
        Assert.Equal(2, spans.Due(Noon)!.First);
        Assert.Equal(1, spans.Due(Noon.AddHours(2))!.First);
        Assert.Equal(Noon, spans.NextExpiryAt);
    }

    [Fact]
    public void What_was_searched_in_part_is_two_spans()
    {
        var span = RunningSpans.None.Begin(1, 10, Noon).Begin(100, 5, Noon.AddSeconds(10));
        var searched = span.Searched(100, 60, 4, Noon.AddHours(1), Noon);
        Assert.Equal([new RunningSpan(1, 59, 11, Noon), new RunningSpan(60, 100, 4, Noon.AddHours(1))], searched.All.AsEnumerable());
        Assert.Equal([new RunningSpan(1, 59, 15, Noon)], span.Searched(100, 60, 0, null, Noon).All.AsEnumerable());
        Assert.Equal([new RunningSpan(60, 100, 15, Noon.AddHours(1))], span.Searched(100, 60, 15, Noon.AddHours(1), Noon).All.AsEnumerable());
        Assert.Equal([new RunningSpan(1, 100, 15, Noon)], span.Searched(100, 101, 0, null, Noon).All.AsEnumerable());
        Assert.Equal(span.All, span.Searched(99, 60, 4, Noon, Noon).All);
    }

    [Fact]
    public void What_was_searched_whole_expires_with_its_first_and_what_was_not_found_is_looked_for_once_a_day()
    {
        var span = RunningSpans.None.Begin(1, 3, Noon);
        Assert.Equal([new RunningSpan(1, 1, 3, Noon.AddHours(1))], span.Searched(1, 1, 3, Noon.AddHours(1), Noon).All.AsEnumerable());
        Assert.Equal([new RunningSpan(1, 1, 3, Noon.AddDays(1))], span.Searched(1, 1, 0, null, Noon).All.AsEnumerable());
    }

    [Fact]
    public void Of_too_many_the_two_that_are_cheapest_to_search_become_one()
    {
        var spans = Enumerable.Range(0, RunningSpans.Most).Aggregate(RunningSpans.None, (all, number) => all.Begin(number == 8 ? 702 : number * 100, 1, Noon.AddHours(number)));
        Assert.Equal(RunningSpans.Most, spans.All.Length);
        var bounded = spans.Begin(9_000, 1, Noon);
        Assert.Equal(RunningSpans.Most, bounded.All.Length);
        Assert.Contains(new RunningSpan(700, 702, 2, Noon.AddHours(7)), bounded.All);
        Assert.Equal((17, Noon), (bounded.Running, bounded.NextExpiryAt));
    }

    [Fact]
    public void Whatever_happens_all_that_runs_is_found_in_time()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            Live(new Random(seed));
        }
    }

    private static void Live(Random random)
    {
        var (spans, running, entry, now) = (RunningSpans.None, new SortedDictionary<long, (int Count, DateTimeOffset ExpiresAt)>(), 0L, Noon);
        for (var step = 0; step < 300; step++)
        {
            now = now.AddSeconds(random.Next(90));
            entry += random.Next(1, 40);
            switch (random.Next(5))
            {
                case 0 when spans.Due(now) is { } due:
                    (spans, running) = Search(spans, running, due, now, random);
                    break;
                case 1 or 2 when running.Count > 0:
                    var (settled, (count, expiresAt)) = running.ElementAt(random.Next(running.Count));
                    spans = spans.Settle(settled);
                    _ = count == 1 ? running.Remove(settled) : (running[settled] = (count - 1, expiresAt)) == default;
                    break;
                default:
                    running[entry] = (random.Next(1, 5), now.AddMinutes(random.Next(5) == 0 ? 5 : 60));
                    spans = spans.Begin(entry, running[entry].Count, running[entry].ExpiresAt);
                    break;
            }

            Prove(spans, running);
        }
    }

    /// <summary>Looks at some or all of a span from its newest entry back; what has expired is settled, of the rest some have shown life.</summary>
    private static (RunningSpans Spans, SortedDictionary<long, (int Count, DateTimeOffset ExpiresAt)> Running) Search(
        RunningSpans spans, SortedDictionary<long, (int Count, DateTimeOffset ExpiresAt)> running, RunningSpan due, DateTimeOffset now, Random random)
    {
        var from = random.Next(2) == 0 ? due.First : due.First + random.Next((int)(due.Last - due.First) + 2);
        foreach (var (entry, (count, expiresAt)) in running.Where(one => one.Key >= from && due.Holds(one.Key)).ToList())
        {
            if (expiresAt <= now && random.Next(3) == 0)
            {
                running[entry] = (count, now.AddHours(1));
            }
            else if (expiresAt <= now)
            {
                running.Remove(entry);
                spans = Enumerable.Range(0, count).Aggregate(spans, (left, _) => left.Settle(entry));
            }
        }

        var rest = running.Where(one => one.Key >= from && due.Holds(one.Key)).ToList();
        return (spans.Searched(due.Last, from, rest.Sum(one => one.Value.Count), rest.Count == 0 ? null : rest.Min(one => one.Value.ExpiresAt), now), running);
    }

    private static void Prove(RunningSpans spans, SortedDictionary<long, (int Count, DateTimeOffset ExpiresAt)> running)
    {
        Assert.InRange(spans.All.Length, 0, RunningSpans.Most);
        Assert.Equal(running.Values.Sum(one => one.Count), spans.Running);
        Assert.True(spans.All.Zip(spans.All.Skip(1)).All(pair => pair.First.Last < pair.Second.First), "spans overlap");
        foreach (var span in spans.All)
        {
            var there = running.Where(one => span.Holds(one.Key)).ToList();
            Assert.Equal(there.Sum(one => one.Value.Count), span.Running);
            Assert.True(there.Count > 0 && there.All(one => span.ExpiresAt <= one.Value.ExpiresAt), $"{span} is searched too late");
        }
    }
}
