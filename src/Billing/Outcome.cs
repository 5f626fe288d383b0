namespace Billing;

/// <summary>What a decision comes to. Exceptions are for bugs and infrastructure only.</summary>
public abstract record Outcome<T>
{
    private Outcome()
    {
    }

    /// <summary>It is done.</summary>
    public sealed record Accepted(T Value) : Outcome<T>;

    /// <summary>It was done before; nothing changes.</summary>
    public sealed record AlreadyApplied(T Value) : Outcome<T>;

    /// <summary>It is refused; nothing changes.</summary>
    public sealed record Declined(Refusal Refusal) : Outcome<T>;

    /// <summary>A value is an acceptance.</summary>
    public static implicit operator Outcome<T>(T value) => new Accepted(value);

    /// <summary>A refusal is a decline.</summary>
    public static implicit operator Outcome<T>(Refusal refusal) => new Declined(refusal);
}
