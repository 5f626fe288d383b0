namespace Billing.Benchmarks.Tests;

public class LikeForLikeTests
{
    [Fact]
    public void A_rival_runs_with_the_settings_of_the_runtime_that_the_Host_has() => Assert.Equal(Settings("Billing.Host"), Settings("Billing.Benchmarks"));

    private static string Settings(string program) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, program + ".runtimeconfig.json"));
}
