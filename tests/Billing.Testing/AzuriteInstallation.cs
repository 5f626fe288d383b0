namespace Billing.Testing;

/// <summary>The Azurite version that infra/package-lock.json pins, installed below infra/node_modules.</summary>
public static class AzuriteInstallation
{
    private static readonly string Infra = Path.Combine(Repository.Root, "infra");

    /// <summary>The script that starts it, for node.</summary>
    internal static string Script => Path.Combine(Infra, "azurite.cjs");

    /// <summary>Installs what the lock file pins, unless it is there.</summary>
    public static Task EnsureAsync(CancellationToken cancellation = default) => new NodePackages(Infra).EnsureAsync(cancellation);
}
