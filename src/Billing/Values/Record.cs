
namespace Billing;

public abstract record Record
{
    public abstract string RowKey { get; }

    public virtual string? Tag => null;
}
