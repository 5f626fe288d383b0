using System.Collections.Immutable;
using System.Globalization;
using Billing.Catalogs;
using Billing.Engine.Rows;
using Billing.Generations;
using Billing.Workspaces;

namespace Billing.Tests.Rows;

/// <summary>Generations of a row say what differs from the one before: whatever that is, they are read as they were.</summary>
public sealed class GenerationRowsTests
{
    private static readonly DateTimeOffset At = new(2025, 11, 3, 10, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Whatever_they_have_in_common_they_are_read_as_they_were()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var index = 25 * random.Next(40);
            var generations = Enumerable.Range(0, random.Next(1, 26)).Select(_ => Any(random, index += random.Next(8) == 0 ? 2 : 1)).ToImmutableArray();
            var row = new Admission { TestMode = false, Entry = 7, Entitlements = ImmutableSortedDictionary<string, Scalar>.Empty, Generations = generations };

            var written = RowJson.Write(row);
            var read = RowJson.Read<Admission>(written);

            Assert.Equal(generations.Length, read.Generations.Length);
            Assert.All(generations.Zip(read.Generations), pair => Assert.Equal(Text(pair.First), Text(pair.Second)));
            Assert.Equal(written.Text, RowJson.Write(read).Text);
        }
    }

    [Fact]
    public void What_is_alike_is_not_said_twice()
    {
        var first = Any(new Random(1), 25);
        var row = new Admission
        {
            TestMode = false,
            Entitlements = ImmutableSortedDictionary<string, Scalar>.Empty,
            Generations = [.. Enumerable.Range(25, 25).Select(index => first with { Id = IdOf(index) })],
        };
        Assert.EndsWith("," + string.Join(',', Enumerable.Repeat("{}", 24)) + "]}", RowJson.Write(row).Text, StringComparison.Ordinal);
    }

    /// <summary>Few values of each property, so that neighbours often have the same.</summary>
    private static Generation Any(Random random, int index) => new()
    {
        Id = IdOf(index),
        Status = (GenerationStatus)random.Next(4),
        Cost = new Credits(random.Next(2) * 1_000),
        Units = random.Next(1, 3),
        Breakdown = [new PriceFactor("size", random.Next(1, 3))],
        Parameters = ImmutableSortedDictionary<string, Scalar>.Empty.Add("size", Scalar.Of(random.Next(2) == 0 ? "2K" : "4K")),
        Description = random.Next(3) == 0 ? null : random.Next(2) == 0 ? "null" : "Käfer \"x\"",
        Metadata = random.Next(2) == 0 ? null : ImmutableSortedDictionary<string, string>.Empty.Add("order", random.Next(2).ToString(CultureInfo.InvariantCulture)),
        Draws = random.Next(2) == 0 ? [] : [new Draw(random.Next(1, 3), GrantKind.Plan, null, Credits.Of(1))],
        Overage = random.Next(2) == 0 ? null : new OverageUnit(CalendarMonth.Of(At), "starter", new Money(50, "USD")),
        PeriodStartsAt = At,
        CreatedAt = At,
        ExpiresAt = At.AddMinutes(random.Next(2)),
        SettledAt = random.Next(2) == 0 ? null : At.AddSeconds(random.Next(2)),
        SucceededUnits = random.Next(2) == 0 ? null : random.Next(2),
        Reason = random.Next(2) == 0 ? null : "server_error",
        Refunded = new Credits(random.Next(2)),
        OverageRefunded = random.Next(2) == 0,
        Owed = random.Next(2) == 0 ? null : new OwedRefund(new Credits(5), random.Next(2) == 0),
    };

    private static string IdOf(int index) => $"gen_0123456789abcdef0001g5wz0abcd-{index}";

    private static string Text(Generation generation) => RowJson.Write(generation).Text;
}
