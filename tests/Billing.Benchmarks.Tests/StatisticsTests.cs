using Billing.Benchmarks.Measuring;

namespace Billing.Benchmarks.Tests;

public class StatisticsTests
{
    [Fact]
    public void A_median_is_the_middle_one_in_whatever_order_they_came() =>
        Assert.Equal(3, new double[] { 100, 1, 3, 2, 50 }.Median());

    [Fact]
    public void A_percentile_is_one_of_the_values()
    {
        var values = Enumerable.Range(1, 200).Select(value => (double)value).Reverse().ToList();
        Assert.Equal(101, values.Percentile(50));
        Assert.Equal(199, values.Percentile(99));
        Assert.Equal(200, values.Percentile(100));
    }

    [Fact]
    public void Of_nothing_there_is_no_figure() => Assert.Equal(double.NaN, Array.Empty<double>().Median());
}
