namespace Billing.Benchmarks.Tests;

public class BenchmarkOptionsTests
{
    [Fact]
    public void An_older_build_is_found_from_wherever_the_command_was_given()
    {
        var options = BenchmarkOptions.Parse(["rivals", "--before", "old/Billing.Host.dll", "--rounds", "3", "--admits", "500", "--write"])!;
        Assert.Equal((BenchmarkKind.Rivals, 3, 500, true), (options.Kind, options.Rounds, options.Admits, options.Write));
        Assert.Equal(Path.GetFullPath("old/Billing.Host.dll"), options.Before);
    }

    [Fact]
    public void The_worker_takes_the_folders_that_it_was_published_to()
    {
        var options = BenchmarkOptions.Parse(["worker", "--worker", "now", "--before", "old"])!;

        Assert.Equal((BenchmarkKind.Worker, Path.GetFullPath("now"), Path.GetFullPath("old")), (options.Kind, options.Worker, options.Before));
    }

    [Theory]
    [InlineData("rivals", "--before")]
    [InlineData("rivals", "--rounds", "none")]
    [InlineData("rivals", "everybody")]
    public void What_is_not_understood_is_not_run(params string[] arguments) => Assert.Null(BenchmarkOptions.Parse(arguments));
}
