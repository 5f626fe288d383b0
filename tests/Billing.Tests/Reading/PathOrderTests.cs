using Billing.Reading;

namespace Billing.Tests.Reading;

public sealed class PathOrderTests
{
    [Fact]
    public void Paths_stand_in_the_order_in_which_people_count()
    {
        string[] ordered = ["", "1", "01", "2", "10", "10a", "a", "a[1]", "a[1].b", "a[2]", "a[02]", "a[9]", "a[10]", "a[10].b", "a[99999999999999999999]", "a[100000000000000000000]", "b", "b1", "b2", "ba"];
        var random = new Random(1);
        for (var round = 0; round < 50; round++)
        {
            var shuffled = ordered.ToArray();
            random.Shuffle(shuffled);
            Assert.Equal(ordered, shuffled.Order(PathOrder.Instance));
        }

        Assert.All(ordered, path => Assert.Equal(0, PathOrder.Instance.Compare(path, path)));
    }
}
