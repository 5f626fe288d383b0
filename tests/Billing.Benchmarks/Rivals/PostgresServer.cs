using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Billing.Testing;
using Npgsql;

namespace Billing.Benchmarks.Rivals;

/// <summary>A PostgreSQL of its own: an empty cluster in a temporary folder, on a free port of 127.0.0.1. It ends when disposed, and with this process.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "postgres";
    private const string Ready = "database system is ready to accept connections";
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private PostgresServer(Process process, DirectoryInfo folder, string connectionString)
    {
        _process = process;
        _folder = folder;
        ConnectionString = connectionString;
    }

    public string ConnectionString { get; }

    /// <summary>The process that starts all others of it.</summary>
    public int ProcessId => _process.Id;

    public static async Task<PostgresServer> StartAsync(PostgresInstallation installation, bool fsync)
    {
        var folder = Directory.CreateTempSubdirectory("benchmark-postgres-");
        var data = Path.Combine(folder.FullName, "data");
        var passwordFile = Path.Combine(folder.FullName, "password");
        var password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        await File.WriteAllTextAsync(passwordFile, password);
        await installation.GiveAsync(folder.FullName);
        await PostgresInstallation.RunAsync(installation.Command(
            "initdb", "--pgdata", data, "--username", User, "--auth", "scram-sha-256", "--pwfile", passwordFile, "--encoding", "UTF8", "--locale", "C", "--no-sync"));
        var port = FreePort();
        var process = Process.Start(installation.Command("postgres", ["-D", data, .. Settings(port, fsync)]))!;
        await ProcessReaper.WatchAsync(process.Id);
        await ReadyAsync(process);
        var connection = new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = port, Username = User, Password = password, Database = User };
        return new PostgresServer(process, folder, connection.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        // Its fast shutdown.
        await PostgresInstallation.RunAsync(new ProcessStartInfo("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true, RedirectStandardError = true });
        await _process.WaitForExitAsync().WaitAsync(StopLimit);
        await ProcessReaper.ForgetAsync(_process.Id);
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    // What somebody who looks after it would set: memory for all of it, and no checkpoint in the middle of a minute's load.
    private static IEnumerable<string> Settings(int port, bool fsync) => new[]
    {
        "listen_addresses=127.0.0.1",
        FormattableString.Invariant($"port={port}"),
        "unix_socket_directories=",
        $"fsync={(fsync ? "on" : "off")}",
        "shared_buffers=256MB",
        "max_wal_size=4GB",
    }.SelectMany(setting => new[] { "-c", setting });

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task ReadyAsync(Process process)
    {
        var log = new List<string>();
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            log.Add(line);
            if (line.Contains(Ready, StringComparison.Ordinal))
            {
                // Read on, or its next line would block it.
                _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return;
            }
        }

        throw new InvalidOperationException($"PostgreSQL ended before it listened:\n{string.Join('\n', log)}");
    }
}
