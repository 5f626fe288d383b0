using Billing.RateLimits;

namespace Billing.Tests.RateLimits;

/// <summary>A client that goes by the headers alone is never refused, however it spends what they say remains, and gets its whole quota.</summary>
public sealed class PacingTests
{
    private const long Start = 1_762_000_012_345;
    private const int WavesPerRun = 400;

    public static TheoryData<string, int, int, RateLimitKind> Runs()
    {
        var runs = new TheoryData<string, int, int, RateLimitKind>();
        foreach (var dialect in new[] { "x-ratelimit", "draft" })
        {
            runs.Add(dialect, 120, 60, RateLimitKind.Sliding);
            runs.Add(dialect, 3, 1, RateLimitKind.Sliding);
            runs.Add(dialect, 1, 10, RateLimitKind.Sliding);
            runs.Add(dialect, 100, 3600, RateLimitKind.FixedHour);
            runs.Add(dialect, 5, 3600, RateLimitKind.FixedHour);
        }

        return runs;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void One_call_after_another_as_fast_as_the_headers_allow(string dialect, int limit, int windowSeconds, RateLimitKind kind)
    {
        var run = new Run(dialect, new RateLimit(limit, windowSeconds, kind), seed: 1);
        for (var call = 0; call < WavesPerRun; call++)
        {
            run.Wave(1);
        }

        run.UsedMostOfTheQuota();
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void All_that_remains_at_once(string dialect, int limit, int windowSeconds, RateLimitKind kind)
    {
        var run = new Run(dialect, new RateLimit(limit, windowSeconds, kind), seed: 2);
        for (var wave = 0; wave < WavesPerRun; wave++)
        {
            run.Wave(int.MaxValue);
        }

        run.UsedMostOfTheQuota();
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Some_at_once_after_pauses_of_any_length(string dialect, int limit, int windowSeconds, RateLimitKind kind)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var run = new Run(dialect, new RateLimit(limit, windowSeconds, kind), seed);
            for (var wave = 0; wave < WavesPerRun; wave++)
            {
                run.Pause(windowSeconds * 1500L);
                run.Wave(1 + seed);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void What_remains_spread_evenly_until_the_reset(string dialect, int limit, int windowSeconds, RateLimitKind kind)
    {
        var run = new Run(dialect, new RateLimit(limit, windowSeconds, kind), seed: 3);
        for (var call = 0; call < WavesPerRun; call++)
        {
            run.WaitForAnEvenShare();
            run.Wave(1);
        }
    }

    private sealed class Run
    {
        private readonly PacingClient _client;
        private readonly RateLimit _limit;
        private readonly Random _random;
        private RateWindow _window = RateWindow.Empty;
        private long _now = Start;
        private int _accepted;

        public Run(string dialect, RateLimit limit, int seed)
        {
            _client = dialect == "draft" ? new PacingClient.OfDraft() : new PacingClient.OfXRateLimit();
            _limit = limit;
            _random = new Random(seed);
        }

        public void Pause(long most) => _now += _random.Next(4) == 0 ? _random.NextInt64(most) : 0;

        public void WaitForAnEvenShare() => _now += Math.Max(0, _client.ResetAt - _now) / Math.Max(1, _client.Remaining);

        /// <summary>Calls sent together reach the server in any order and return in any other; the client learns from all of them.</summary>
        public void Wave(int most)
        {
            _now = _client.SleepIfExhausted(_now);
            var arrivals = Enumerable.Range(0, Math.Min(_client.Remaining, most)).Select(_ => _now + _random.Next(40)).Order();
            var responses = arrivals.Select(at => (at + _random.Next(40), Answer(at))).ToArray();
            _now = responses.Max(response => response.Item1);
            _client.Learn(responses);
        }

        public void UsedMostOfTheQuota()
        {
            var windows = (_now - Start) / (_limit.WindowSeconds * 1000L);
            var seconds = _limit.WindowSeconds;
            Assert.True(_accepted >= _limit.Limit * windows * seconds / (seconds + 2), $"{_accepted} in {windows} windows");
        }

        private Dictionary<string, string> Answer(long at)
        {
            var decision = _window.Hit(_limit, DateTimeOffset.FromUnixTimeMilliseconds(at));
            Assert.True(decision.Accepted, $"refused at {at}");
            _window = decision.Window;
            _accepted++;
            return decision.Headers.ToHttp().ToDictionary(field => field.Name, field => field.Value);
        }
    }
}
