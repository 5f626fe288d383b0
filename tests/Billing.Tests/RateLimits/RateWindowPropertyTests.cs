using Billing.RateLimits;

namespace Billing.Tests.RateLimits;

public sealed class RateWindowPropertyTests
{
    private const int Traces = 10_000;
    private const int HitsPerTrace = 60;
    private const long Start = 1_762_000_000_000;

    [Fact]
    public void Ten_thousand_traces_decide_as_a_brute_force_log_does()
    {
        for (var seed = 0; seed < Traces; seed++)
        {
            var trace = new Trace(seed);
            for (var step = 0; step < HitsPerTrace; step++)
            {
                trace.ChangeLimitNowAndThen();
                trace.Hit();
            }

            trace.NoWindowHoldsMoreThanTheHighestLimit();
        }
    }

    [Fact]
    public void Ten_thousand_traces_of_changing_limits_never_exceed_the_new_one_nor_forget_what_both_count()
    {
        for (var seed = 0; seed < Traces; seed++)
        {
            var random = new Random(seed);
            var window = RateWindow.Empty;
            var log = new HitLog();
            var limit = AnyLimit(random);
            var (changedAt, rememberedFrom, at) = (Start, long.MinValue, Start);
            for (var step = 0; step < HitsPerTrace; step++)
            {
                if (random.Next(10) == 0)
                {
                    limit = AnyLimit(random);
                    changedAt = log.Clamped(at) + 1;
                }

                at = Moved(random, limit, log, at);
                var known = log.Times.Count(time => time >= rememberedFrom && HitLog.Counts(limit, time, log.Clamped(at)));
                var remaining = window.Peek(limit, Instant(at)).Remaining;
                Assert.True(remaining <= Math.Max(0, limit.Limit - known), $"seed {seed}: a hit was forgotten");

                var decision = window.Hit(limit, Instant(at));
                window = decision.Window;
                if (decision.Accepted)
                {
                    Assert.True(log.Hit(limit with { Limit = int.MaxValue }, at, 1));
                    var last = log.Times[^1];
                    rememberedFrom = Math.Max(rememberedFrom, FirstCounted(limit, last));
                    Assert.True(log.MostInAnyWindow(limit, changedAt) <= limit.Limit, $"seed {seed}: too many");
                }
                else
                {
                    var length = limit.WindowSeconds * 1000L;
                    Assert.InRange(decision.Headers.RetryAt!.Value.ToUnixTimeMilliseconds(), log.Clamped(at) + 1, log.Clamped(at) + length);
                    Assert.True(window.Hit(limit, decision.Headers.RetryAt.Value).Accepted);
                }
            }
        }
    }

    private static long FirstCounted(RateLimit limit, long at)
    {
        var length = limit.WindowSeconds * 1000L;
        return limit.Kind == RateLimitKind.Sliding ? at - length + 1 : at / length * length;
    }

    private static RateLimit AnyLimit(Random random) =>
        new(random.Next(1, 12), random.Next(1, 5), random.Next(2) == 0 ? RateLimitKind.Sliding : RateLimitKind.FixedHour);

    private static DateTimeOffset Instant(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at);

    /// <summary>The next instant: bursts, pauses, clocks that run backwards, and the edges of windows to the millisecond.</summary>
    private static long Moved(Random random, RateLimit limit, HitLog log, long at)
    {
        var length = limit.WindowSeconds * 1000L;
        return random.Next(10) switch
        {
            0 or 1 or 2 => at,
            3 => at + 1,
            4 => at + random.NextInt64(length / 4),
            5 => at + random.NextInt64(length * 2),
            6 => at - random.NextInt64(length),
            7 => (at / length + 1) * length + random.Next(-1, 2),
            8 when log.Times.Count > 0 => log.Times[^random.Next(1, Math.Min(log.Times.Count, limit.Limit) + 1)] + length + random.Next(-1, 2),
            _ => at + random.NextInt64(50),
        };
    }

    private sealed class Trace
    {
        private readonly int _seed;
        private readonly Random _random;
        private readonly HitLog _log = new();
        private RateWindow _window = RateWindow.Empty;
        private RateLimit _limit;
        private int _highest;
        private long _at = Start;

        public Trace(int seed)
        {
            _seed = seed;
            _random = new Random(seed);
            _limit = AnyLimit(_random);
            _highest = _limit.Limit;
        }

        public void ChangeLimitNowAndThen()
        {
            if (_random.Next(20) == 0)
            {
                _limit = _limit with { Limit = _random.Next(1, 12) };
                _highest = Math.Max(_highest, _limit.Limit);
            }
        }

        public void Hit()
        {
            _at = Moved(_random, _limit, _log, _at);
            var count = _random.Next(4) == 0 ? _random.Next(1, 5) : 1;
            if (_random.Next(3) == 0)
            {
                _window = RateWindow.Parse(_window.ToText());
            }

            Agree(_window.Peek(_limit, Instant(_at)));
            var decision = _window.Hit(_limit, Instant(_at), count);
            Assert.True(decision.Accepted == _log.Hit(_limit, _at, count), $"seed {_seed}: decided otherwise");
            Agree(decision.Headers);
            if (!decision.Accepted)
            {
                Assert.Same(_window, decision.Window);
                AgreeOnRetry(decision.Headers.RetryAt, count);
            }

            _window = decision.Window;
        }

        public void NoWindowHoldsMoreThanTheHighestLimit() =>
            Assert.True(_log.MostInAnyWindow(_limit, 0) <= _highest, $"seed {_seed}: too many");

        private void Agree(RateHeaders headers)
        {
            var counted = _log.CountAt(_limit, _at);
            Assert.True(headers.Remaining == Math.Max(0, _limit.Limit - counted), $"seed {_seed}: remaining");
            var resetAt = headers.ResetAt.ToUnixTimeMilliseconds();
            if (counted == 0)
            {
                return;
            }

            Assert.True(Remaining(resetAt) > headers.Remaining && Remaining(resetAt - 1) == headers.Remaining, $"seed {_seed}: reset");
        }

        private int Remaining(long at) => Math.Max(0, _limit.Limit - _log.CountAt(_limit, at));

        private void AgreeOnRetry(DateTimeOffset? retryAt, int count)
        {
            if (count > _limit.Limit)
            {
                Assert.Null(retryAt);
                return;
            }

            var at = retryAt!.Value.ToUnixTimeMilliseconds();
            Assert.True(_log.WouldAccept(_limit, at, count) && !_log.WouldAccept(_limit, at - 1, count), $"seed {_seed}: retry");
            Assert.True(_window.Hit(_limit, retryAt.Value, count).Accepted);
            Assert.False(_window.Hit(_limit, retryAt.Value.AddMilliseconds(-1), count).Accepted);
        }
    }
}
