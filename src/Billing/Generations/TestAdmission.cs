namespace Billing.Generations;

/// <summary>Where an admission of a test key stands: no ledger tells of it, and lists find it by this. The newest first.</summary>
public sealed record TestAdmission : Record
{
    public const string Prefix = "test:";

    /// <summary>Key of its last row, which leads to all.</summary>
    public required string LastRow { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public override string RowKey => $"{KeyAt(CreatedAt)}:{LastRow}";

    /// <summary>Those that were admitted from an instant up to, but not including, another; null for no bound.</summary>
    public static KeyRange Between(DateTimeOffset? from, DateTimeOffset? to)
    {
        var all = KeyRange.StartingWith(Prefix);
        return new KeyRange(
            to is { } end ? KeyAt(end.AddMilliseconds(-1)) : all.From,
            from is { } start ? KeyAt(start) + ";" : all.To);
    }

    // ';' comes after the ':' behind it.
    private static string KeyAt(DateTimeOffset at) => Prefix + Ids.NewestFirst(at);
}
