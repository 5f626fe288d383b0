namespace Billing.Engine.Committing;

/// <summary>Work that decides nothing: it brings an account up to date, and what is due gets stored.</summary>
public static class CatchUp
{
    public static readonly Work<bool> Work = new((_, _) => true);
}
