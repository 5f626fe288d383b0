using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Billing.Testing;

namespace Billing.Api.Tests.Drift;

/// <summary>The Bicep compiler and its linter have nothing to say about the infrastructure.</summary>
public sealed class BicepCompilerTests
{
    private const string Program = "infra/main.bicep";
    private const string Parameters = "infra/main.bicepparam";

    // Beside what is optional, a deployment's environment.
    private static readonly Dictionary<string, string> Deployment = new()
    {
        ["AZURE_ENV_NAME"] = "billing",
        ["AZURE_LOCATION"] = "westeurope",
        ["BILLING_SERVICE_KEY"] = new string('s', 32),
        ["BILLING_OPERATOR_KEY"] = new string('o', 32),
        ["BILLING_SIGNING_KEY"] = new string('k', 32),
    };

    private static string? Packaged => typeof(BicepCompilerTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().SingleOrDefault(one => one.Key == "Bicep")?.Value;

    [Theory]
    [InlineData("build", Program)]
    [InlineData("lint", Program)]
    [InlineData("build-params", Parameters)]
    [InlineData("lint", Parameters)]
    public async Task It_compiles_without_an_error_or_a_warning(string command, string file)
    {
        string[] output = command.StartsWith("build", StringComparison.Ordinal) ? ["--outfile", Path.Combine(Directory.CreateTempSubdirectory("bicep-").FullName, "out.json")] : [];
        if (await RunAsync([command, Path.Combine(Repository.Root, file), .. output]) is { } run)
        {
            Assert.Equal((0, ""), run);
        }
    }

    /// <returns>Exit code and diagnostics; null on a machine that has neither the package, which is there for Linux on x64, nor the Azure CLI.</returns>
    private static async Task<(int ExitCode, string Said)?> RunAsync(string[] arguments)
    {
        if (Packaged is { } bicep && !OperatingSystem.IsWindows())
        {
            // A package keeps no mode of its files.
            File.SetUnixFileMode(bicep, File.GetUnixFileMode(bicep) | UnixFileMode.UserExecute);
            return await RunAsync(bicep, arguments);
        }

        Assert.False(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "The package of the compiler is missing.");
        try
        {
            return await RunAsync(OperatingSystem.IsWindows() ? "az.cmd" : "az", ["bicep", arguments[0], "--file", .. arguments[1..]]);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static async Task<(int ExitCode, string Said)?> RunAsync(string program, string[] arguments)
    {
        var command = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in Deployment)
        {
            command.Environment[name] = value;
        }

        using var process = Process.Start(command)!;
        var said = await Task.WhenAll(process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(said));
    }
}
