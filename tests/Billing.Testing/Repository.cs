namespace Billing.Testing;

/// <summary>Where this checkout is.</summary>
public static class Repository
{
    /// <summary>The folder that holds Billing.sln.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        // A file-based app (infra/dev.cs) runs from a temporary folder, but knows where its source is.
        var starts = new[] { AppContext.GetData("EntryPointFileDirectoryPath") as string, AppContext.BaseDirectory, Environment.CurrentDirectory };
        return starts.OfType<string>().SelectMany(Ancestors).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "Billing.sln")))
            ?? throw new DirectoryNotFoundException("Billing.sln is in none of the folders above this program.");
    }

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            yield return at.FullName;
        }
    }
}
