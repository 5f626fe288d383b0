using System.Text.RegularExpressions;
using Billing.Testing;

namespace Billing.Api.Tests.Docs;

/// <summary>The commands of a block for a shell.</summary>
internal static partial class Shell
{
    /// <summary>One after the other; a backslash carries a command on to the next line, what stands after # is a remark.</summary>
    public static IEnumerable<string> Commands(FencedBlock block) => block.Language != "sh" ? [] : Continued().Replace(block.Text, " ")
        .Split('\n')
        .Select(line => Remark().Replace(line, "").Trim())
        .Where(line => line.Length > 0);

    public static string ProgramOf(string command) => command.Split(' ')[0];

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continued();

    [GeneratedRegex(@"(^|\s)#[^'""]*$")]
    private static partial Regex Remark();
}

/// <summary>Calls of the API are made. What takes the machine or the cloud for itself is not run; the files and words that it names have to be there.</summary>
internal sealed partial class ShellRunner : IRunner
{
    private static readonly string[] Programs = ["curl", "dotnet", "azd", "docker", "export"];

    public bool Claims(FencedBlock block) => Shell.Commands(block).Any() && Shell.Commands(block).All(command => Programs.Contains(Shell.ProgramOf(command)));

    public async Task RunAsync(FencedBlock block, Reader reader)
    {
        foreach (var command in Shell.Commands(block))
        {
            switch (command.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                case ["curl", ..]:
                    await reader.CallAsync(block, command);
                    break;
                case ["export", ..] when Taking().Match(command) is { Success: true } taking:
                    await reader.TakeAsync(block, taking.Groups["name"].Value, taking.Groups["call"].Value, taking.Groups["filter"].Value);
                    break;
                case ["docker", "run", ..] when command.EndsWith($" {Container.Image}", StringComparison.Ordinal):
                    await Container.CheckRunAsync(block, command);
                    break;
                case ["docker", ..]:
                    break;
                case ["dotnet", "publish", var project, "-t:PublishContainer", .. var properties]:
                    Container.CheckPublish(block, ProjectIn(block, project), properties);
                    break;
                case ["dotnet", "run", .. var rest]:
                    CheckRun(block, rest);
                    break;
                case ["dotnet", "test"]:
                    Assert.Single(Directory.EnumerateFiles(Repository.Root, "*.sln"));
                    break;
                case ["dotnet", "test", var project, "--filter", var tests]:
                    Assert.Contains(Directory.EnumerateFiles(ProjectIn(block, project), "*.cs", SearchOption.AllDirectories), file => Path.GetFileNameWithoutExtension(file) == tests);
                    break;
                case ["azd", "up"]:
                    CheckServices(block);
                    break;
                default:
                    Assert.Fail($"{block}: nobody knows how to check `{command}`.");
                    break;
            }
        }
    }

    private static void CheckRun(FencedBlock block, string[] words)
    {
        var end = Array.IndexOf(words, "--");
        var (own, arguments) = end < 0 ? (words, []) : (words[..end], words[(end + 1)..]);
        var sources = own switch
        {
            ["--project", var project, .. [] or ["-c", "Release"]] => Directory.EnumerateFiles(ProjectIn(block, project), "*.cs", SearchOption.AllDirectories),
            [var file] when file.EndsWith(".cs", StringComparison.Ordinal) => [Path.Combine(Repository.Root, file)],
            _ => throw new InvalidDataException($"{block}: `dotnet run {string.Join(' ', own)}` is not a form that is known here."),
        };
        var text = string.Concat(sources.Select(File.ReadAllText));
        Assert.All(arguments.Where(word => !word.All(char.IsAsciiDigit)), word =>
            Assert.True(text.Contains($"\"{word}\"", StringComparison.Ordinal), $"{block}: {string.Join(' ', own)} does not know {word}."));
    }

    private static string ProjectIn(FencedBlock block, string folder)
    {
        var path = Path.Combine(Repository.Root, folder);
        Assert.True(Directory.Exists(path) && Directory.EnumerateFiles(path, "*.csproj").Count() == 1, $"{block}: {folder} has no project.");
        return path;
    }

    private static void CheckServices(FencedBlock block)
    {
        var projects = Regex.Matches(FencedBlock.Read("azure.yaml"), @"^\s+project: (\S+)", RegexOptions.Multiline).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(projects);
        Assert.All(projects, project => ProjectIn(block, project));
    }

    [GeneratedRegex(@"^export (?<name>\w+)=\$\((?<call>curl [^|]+) \| (?<filter>grep .+)\)$")]
    private static partial Regex Taking();
}
