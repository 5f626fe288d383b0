using System.Text.Json.Serialization;

namespace Billing;

/// <summary>Something stored as one row of a workspace's partition.</summary>
public abstract record Record
{
    /// <summary>Its row key.</summary>
    [JsonIgnore]
    public abstract string RowKey { get; }

    /// <summary>A word that lists can be filtered by.</summary>
    [JsonIgnore]
    public virtual string? Tag => null;
}
