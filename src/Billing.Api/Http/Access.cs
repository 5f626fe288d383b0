namespace Billing.Api.Http;

/// <summary>Who may call an endpoint.</summary>
[Flags]
public enum Access
{
    /// <summary>Everyone; no credential is read.</summary>
    Anyone = 0,

    /// <summary>A customer by API key.</summary>
    Key = 1,

    /// <summary>A customer by the token of a session of the account itself.</summary>
    Session = 2,

    /// <summary>The seller's generation service, for the customer whose key it passes on.</summary>
    Service = 4,

    /// <summary>The seller's operator.</summary>
    Operator = 8,

    /// <summary>A customer by the token of a session that was made with an API key: all that the key may, and no more.</summary>
    KeySession = 16,

    /// <summary>A customer, or the service for it.</summary>
    Customer = Key | Session | Service | KeySession,

    /// <summary>A customer, or the operator, who reads what a customer reads.</summary>
    Reader = Customer | Operator,
}
