namespace Billing.Benchmarks.Admits;

/// <summary>What is compared, and who with whom.</summary>
internal static class Groups
{
    public const string Hot = "one hot workspace";
    public const string Crowd = "1,000 workspaces";
    public const string Alone = "one client, by turns";
    public const string Raw = "raw transactions of the same rows";
    public const string RawFullest = "raw transactions, fullest";
    public const string RawTwo = "raw transactions of two entities";
    public const string Writer = "in process";
    public const string Keyless = "in process, no Idempotency-Key";
    public const string Http = "over HTTP";
    public const string Plain = "plain";
}
