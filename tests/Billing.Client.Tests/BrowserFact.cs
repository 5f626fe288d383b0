using Billing.Testing;

namespace Billing.Client.Tests;

/// <summary>A test that needs a browser; where there is none, it is skipped and says so, or fails in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium.SkipReason;
}
