using System.Globalization;
using System.Text.Json.Nodes;
using Billing.Engine.Ports;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;

namespace Billing.Functions;

/// <summary>
/// Gives each queue trigger a twin for every further shard. An attribute has one connection, so the worker tells the Functions host of more functions than
/// there are methods: <c>Shard1_RefundsQueue</c> listens by <c>Billing:Shards:1</c> and runs what <c>RefundsQueue</c> runs.
/// </summary>
public sealed class ShardTriggers(ShardSettings shards) : IFunctionMetadataTransformer
{
    private const string Prefix = "Shard";

    public string Name => nameof(ShardTriggers);

    public void Transform(IList<IFunctionMetadata> original)
    {
        foreach (var function in original.Where(IsQueueTrigger).ToList())
        {
            original.Remove(function);
            foreach (var shard in shards.Map.All)
            {
                original.Add(Listening(function, shard));
            }
        }
    }

    /// <summary>The queue that a function listens to: its name begins with the shard, unless that is the first, and ends as host.json's log levels have it.</summary>
    public static ShardQueue QueueOf(string queue, string function) => function.Split('_') is [var shard, _]
        ? new(int.Parse(shard.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture), queue)
        : new(0, queue);

    private static bool IsQueueTrigger(IFunctionMetadata function) =>
        function.RawBindings?.Any(binding => (string?)JsonNode.Parse(binding)!["type"] == "queueTrigger") == true;

    private DefaultFunctionMetadata Listening(IFunctionMetadata function, int shard) => new()
    {
        Name = shard == 0 ? function.Name : $"{Prefix}{shard}_{function.Name}",
        EntryPoint = function.EntryPoint,
        ScriptFile = function.ScriptFile,
        Language = function.Language,
        IsProxy = function.IsProxy,
        ManagedDependencyEnabled = function.ManagedDependencyEnabled,
        Retry = function.Retry,
        RawBindings = [.. function.RawBindings!.Select(binding => Connected(binding, shards.Accounts[shard]))],
    };

    // Without a connection a trigger listens where AzureWebJobsStorage is.
    private static string Connected(string binding, ShardAccount account)
    {
        var trigger = JsonNode.Parse(binding)!.AsObject();
        if (account.Setting.StartsWith("Billing:", StringComparison.Ordinal))
        {
            trigger["connection"] = account.Setting;
        }

        return trigger.ToJsonString();
    }
}
