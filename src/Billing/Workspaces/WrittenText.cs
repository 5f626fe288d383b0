using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Billing.Workspaces;

/// <summary>
/// What a person wrote, apart from what the books are about. The hash chain covers only a salted commitment to it: the words and the salt can be erased,
/// nobody can guess them from what stays, and the chain remains valid.
/// </summary>
public sealed record WrittenText
{
    private const int SaltBytes = 12;
    private const int CommitmentBytes = 16;

    public string? Description { get; init; }

    public ImmutableSortedDictionary<string, string>? Metadata { get; init; }

    /// <summary>Null once it was erased.</summary>
    public string? Salt { get; init; }

    /// <summary>What stays of it; null until it was erased, for it follows from the rest.</summary>
    public string? Erased { get; init; }

    /// <summary>Null when nothing was written.</summary>
    public static WrittenText? Of(string? description, ImmutableSortedDictionary<string, string>? metadata = null) =>
        description is null && metadata is null ? null : new WrittenText { Description = description, Metadata = metadata };

    /// <summary>The same with a salt that nobody can guess.</summary>
    /// <param name="secret">Random, another one for each commit.</param>
    /// <param name="sequence">The entry's: a commit has many.</param>
    public WrittenText Salted(string secret, long sequence) => this with { Salt = HashOf($"{secret}{sequence}", SaltBytes) };

    public string Commitment()
    {
        if (Erased is not null)
        {
            return Erased;
        }

        var text = new FieldText();
        text.Add(Salt);
        text.Add(Description);
        text.Add(Metadata?.Count);
        foreach (var (name, value) in Metadata ?? ImmutableSortedDictionary<string, string>.Empty)
        {
            text.Add(name);
            text.Add(value);
        }

        return HashOf(text.ToString(), CommitmentBytes);
    }

    public WrittenText Erase() => new() { Erased = Commitment() };

    /// <summary>Our metadata with theirs, the description among them: a name that both have is kept as <c>caller_…</c>, so that neither hides the other.</summary>
    public ImmutableSortedDictionary<string, Scalar> With(ImmutableSortedDictionary<string, Scalar> ours)
    {
        foreach (var (name, value) in Metadata ?? ImmutableSortedDictionary<string, string>.Empty)
        {
            ours = ours.Add(Free(name, ours), Scalar.Of(value));
        }

        return Description is null ? ours : ours.Add(Free("description", ours), Scalar.Of(Description));
    }

    private static string Free(string name, ImmutableSortedDictionary<string, Scalar> taken) =>
        taken.ContainsKey(name) ? Free($"caller_{name}", taken) : name;

    private static string HashOf(string text, int bytes) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, bytes)).TrimEnd('=');
}
