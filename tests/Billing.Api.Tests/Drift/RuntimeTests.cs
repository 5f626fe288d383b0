using System.Text.Json;
using Billing.Testing;

namespace Billing.Api.Tests.Drift;

public sealed class RuntimeTests
{
    // Where the switch is lost, nothing breaks and every admit costs a third more: see docs/cost.md.
    [Theory]
    [InlineData("Billing.Host")]
    [InlineData("Billing.Functions")]
    public void Threads_that_wait_for_work_do_not_spin(string program)
    {
        var path = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", program, "bin"), $"{program}.runtimeconfig.json", SearchOption.AllDirectories).First();
        using var config = JsonDocument.Parse(File.ReadAllText(path));

        Assert.Equal(0, config.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties").GetProperty("System.Threading.ThreadPool.UnfairSemaphoreSpinLimit").GetInt32());
    }
}
