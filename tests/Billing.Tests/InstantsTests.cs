namespace Billing.Tests;

public sealed class InstantsTests
{
    [Theory]
    [InlineData("2025-11-01T00:00:00Z", "2025-11-01T00:00:00Z")]
    [InlineData("2025-11-01T00:00:00.000Z", "2025-11-01T00:00:00Z")]
    [InlineData("2025-11-01T00:00:00.5Z", "2025-11-01T00:00:00.5Z")]
    [InlineData("2025-11-01T00:00:00.1234567Z", "2025-11-01T00:00:00.123Z")]
    [InlineData("2025-11-01T00:00:00.9999999Z", "2025-11-01T00:00:00.999Z")]
    [InlineData("2025-11-01t00:00:00z", "2025-11-01T00:00:00Z")]
    [InlineData("2025-11-01T02:30:00+02:30", "2025-11-01T00:00:00Z")]
    [InlineData("2025-10-31T19:00:00.25-05:00", "2025-11-01T00:00:00.25Z")]
    [InlineData("2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z")]
    [InlineData("1969-12-31T23:59:59.9995Z", "1969-12-31T23:59:59.999Z")]
    [InlineData("2025-11-01 00:00:00Z", "2025-11-01T00:00:00Z")]
    [InlineData("2025-11-01T00:00:00.12345678901234567890123456789Z", "2025-11-01T00:00:00.123Z")]
    [InlineData("2025-11-01t02:30:00.05+02:30", "2025-11-01T00:00:00.05Z")]
    [InlineData("2025-11-01T00:00:00-00:00", "2025-11-01T00:00:00Z")]
    [InlineData("2025-11-01T23:59:00+23:59", "2025-11-01T00:00:00Z")]
    [InlineData("0001-01-01T14:00:00+14:00", "0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z")]
    public void An_instant_is_read_with_its_offset_and_written_in_utc_to_the_millisecond(string text, string written)
    {
        Assert.True(Instants.TryParse(text, out var at));
        Assert.Equal((TimeSpan.Zero, written), (at.Offset, Instants.Text(at)));
        Assert.True(Instants.TryParse(written, out var again));
        Assert.Equal(at, again);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2025-11-01")]
    [InlineData("2025-11-01T00:00:00")]
    [InlineData("2025-11-01T00:00:00.5")]
    [InlineData("2025-11-01T00:00:00.1234567")]
    [InlineData("2025-11-01_00:00:00Z")]
    [InlineData("2025-11-01T00:00:00.Z")]
    [InlineData("2025-11-01T00:00:00+0230")]
    [InlineData("2025-11-01T00:00:00+02")]
    [InlineData("2025-11-01T00:00:00+02:60")]
    [InlineData("2025-11-01T00:00:00Z\n")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    [InlineData("2025-11-01T00:00Z")]
    [InlineData("2025-11-01T24:00:00Z")]
    [InlineData("2025-11-01T23:59:60Z")]
    [InlineData("2025-02-29T00:00:00Z")]
    [InlineData("2025-13-01T00:00:00Z")]
    [InlineData("2025-11-01T00:00:00+25:00")]
    [InlineData("2025-11-01T00:00:00 Z")]
    [InlineData(" 2025-11-01T00:00:00Z")]
    [InlineData("2025-11-01T00:00:00Zzzzzzzzzzzzzzzz")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("٢٠٢٥-11-01T00:00:00Z")]
    public void Anything_else_is_no_instant(string? text) => Assert.False(Instants.TryParse(text, out _));

    [Fact]
    public void What_is_cut_to_milliseconds_is_never_later()
    {
        var random = new Random(1);
        for (var round = 0; round < 10_000; round++)
        {
            var at = new DateTimeOffset(random.NextInt64(DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
            var cut = Instants.Milliseconds(at);
            Assert.InRange(at.Ticks - cut.Ticks, 0, TimeSpan.TicksPerMillisecond - 1);
            Assert.Equal(0, cut.Ticks % TimeSpan.TicksPerMillisecond);
        }
    }

    [Fact]
    public void The_earliest_of_some_instants_is_none_only_where_none_is()
    {
        DateTimeOffset? first = DateTimeOffset.UnixEpoch, second = DateTimeOffset.UnixEpoch.AddSeconds(1);
        Assert.Equal(first, Instants.Earliest(null, second, null, first));
        Assert.Equal(first, Instants.Earliest(first, second));
        Assert.Null(Instants.Earliest(null, null));
        Assert.Null(Instants.Earliest());
    }
}
