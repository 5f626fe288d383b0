using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Billing.Testing;

namespace Billing.Dev;

/// <summary>Restores and builds what can be built here: all of it, unless a project needs packages that no NuGet source has.</summary>
internal static partial class Solution
{
    private const string File = "Billing.sln";

    /// <summary>Restores one project, which must succeed, and builds it.</summary>
    public static async Task BuildAsync(string project, CancellationToken cancellation)
    {
        if (await RestoreAsync(project, cancellation) is { Length: > 0 } missing)
        {
            throw new InvalidOperationException($"{project} cannot be built: {Sources(missing)}.");
        }

        await CompileAsync(project, cancellation);
    }

    /// <summary>Restores and builds every project that can be restored, and says which cannot.</summary>
    /// <returns>What was built: the paths of the projects, from the root.</returns>
    public static async Task<string[]> BuildAsync(CancellationToken cancellation)
    {
        var missing = await RestoreAsync(File, cancellation);
        var leftOut = missing.Select(one => one.Project).Distinct().Order().ToArray();
        if (leftOut.Length > 0)
        {
            Progress.Say($"Left out: {string.Join(", ", leftOut.Select(Path.GetFileNameWithoutExtension))} ({Sources(missing)})");
        }

        var projects = Projects().Except(leftOut).ToArray();
        await CompileAsync(WriteFilter(projects), cancellation);
        return projects;
    }

    private static string Sources((string Project, string Package)[] missing) =>
        $"no NuGet source has {string.Join(", ", missing.Select(one => one.Package).Distinct().Order())}";

    private static async Task<(string Project, string Package)[]> RestoreAsync(string target, CancellationToken cancellation)
    {
        Progress.Say("Restoring packages");
        var missing = await MissingAsync(target, cancellation);
        if (missing.Any(one => PartialFeed.Has(one.Package)))
        {
            await PartialFeed.AssembleAsync(cancellation);
            missing = await MissingAsync(target, cancellation);
        }

        return missing;
    }

    private static async Task<(string Project, string Package)[]> MissingAsync(string target, CancellationToken cancellation)
    {
        var (exitCode, output) = await new Command("dotnet", "restore", target, "-v:q", "-tl:off", "-nologo").ReadAsync(cancellation);
        var missing = NotFound().Matches(output)
            .Select(found => (Path.GetRelativePath(Repository.Root, found.Groups["project"].Value).Replace('\\', '/'), found.Groups["package"].Value))
            .Distinct().ToArray();
        return exitCode == 0 || missing.Length > 0 ? missing : throw new InvalidOperationException(output);
    }

    private static async Task CompileAsync(string target, CancellationToken cancellation)
    {
        Progress.Say("Building");
        await new Command("dotnet", "build", target, "--no-restore", "-v:m", "-nologo").RequireAsync(cancellation);
    }

    private static string[] Projects()
    {
        var solution = System.IO.File.ReadAllText(Path.Combine(Repository.Root, File));
        return [.. ProjectPath().Matches(solution).Select(found => found.Groups[1].Value.Replace('\\', '/'))];
    }

    private static string WriteFilter(string[] projects)
    {
        var paths = new JsonArray([.. projects.Select(project => JsonValue.Create(project.Replace('/', '\\')))]);
        var filter = new JsonObject { ["solution"] = new JsonObject { ["path"] = $"..\\{File}", ["projects"] = paths } };
        Directory.CreateDirectory(Command.Artifacts());
        var file = Command.Artifacts("Billing.slnf");
        System.IO.File.WriteAllText(file, filter.ToJsonString());
        return file;
    }

    // "…/Billing.Functions.csproj : error NU1101: Unable to find package Microsoft.Azure.Functions.Worker. No packages exist …"
    // "…: error NU1603: Warning As Error: Billing.Functions depends on Microsoft.Azure.Functions.Worker (>= 2.0.0) but … was not found. …"
    [GeneratedRegex(@"^\s*(?<project>.+?\.csproj) : error NU(110[123]: Unable to find (a stable )?package|1603: .*? depends on) (?<package>\w[\w.]*\w)",
        RegexOptions.Multiline)]
    private static partial Regex NotFound();

    [GeneratedRegex("\"([^\"]+\\.csproj)\"")]
    private static partial Regex ProjectPath();
}
