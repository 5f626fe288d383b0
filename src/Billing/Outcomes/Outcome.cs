using System.Diagnostics.CodeAnalysis;

namespace Billing;

/// <summary>What a decision comes to. Exceptions are for bugs and infrastructure only.</summary>
public abstract record Outcome<T>
{
    private Outcome()
    {
    }

    public sealed record Accepted(T Value) : Outcome<T>;

    /// <summary>It was done before; nothing changes.</summary>
    public sealed record AlreadyApplied(T Value) : Outcome<T>;

    public sealed record Declined(Refusal Refusal) : Outcome<T>;

    /// <summary>The value, done now or before; false with why it is refused.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out Refusal? refusal)
    {
        (value, refusal) = this switch
        {
            Accepted { Value: var now } => (now, null),
            AlreadyApplied { Value: var before } => (before, null),
            _ => (default(T), ((Declined)this).Refusal),
        };
        return refusal is null;
    }

    public static implicit operator Outcome<T>(T value) => new Accepted(value);

    public static implicit operator Outcome<T>(Refusal refusal) => new Declined(refusal);
}
