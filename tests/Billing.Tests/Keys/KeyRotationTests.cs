using Billing.Keys;

namespace Billing.Tests.Keys;

/// <summary>What a new key takes over, and which key may have a successor.</summary>
public sealed class KeyRotationTests
{
    private static readonly DateTimeOffset Now = new(2025, 11, 3, 10, 30, 0, TimeSpan.Zero);

    private static readonly ApiKey Former = new()
    {
        Id = "key_former",
        Hash = "hash",
        Masked = "masked",
        Name = "Key",
        Environment = KeyEnvironment.Test,
        AccountId = "acct_0123456789abcdef",
        HomeWorkspaceId = "ws_0123456789abcdef",
        Product = "bluma",
        CreatedAt = Now.AddDays(-30),
        ExpiresAt = Now.AddDays(30),
        Team = true,
        LastUsedAt = Now.AddDays(-1),
        RateLimit = 7,
        Raised = true,
        SuccessorId = "key_revoked",
        OverlapEndsAt = Now.AddDays(1),
    };

    [Fact]
    public void The_new_key_is_as_the_former_one_was_made()
    {
        var text = ApiKeySecret.New("bluma", KeyEnvironment.Test, new byte[ApiKeySecret.RandomBytes]);
        Assert.Equal(
            Former with { Id = text.KeyId, Hash = text.Hash, Masked = text.Masked, CreatedAt = Now, LastUsedAt = null, SuccessorId = null, OverlapEndsAt = null },
            KeyRotation.SuccessorOf(Former, text, Now));
    }

    [Fact]
    public void The_former_key_is_told_its_successor_and_its_end()
    {
        Assert.True(Rotate(Former with { SuccessorId = null, OverlapEndsAt = null }, null).TryGet(out var rotated, out _));
        Assert.Equal(("key_new", Now.AddHours(1), Now.AddHours(1)), (rotated!.SuccessorId, rotated.OverlapEndsAt, rotated.EndsAt));
    }

    [Fact]
    public void One_that_has_a_successor_that_works_is_not_rotated_again()
    {
        var successor = Former with { Id = "key_successor", SuccessorId = null, OverlapEndsAt = null };
        var former = Former with { SuccessorId = successor.Id };
        Assert.True(Rotate(former, successor).TryGet(out _, out var refusal) is false);
        Assert.Equal((RefusalCodes.Conflict, "The key has a successor that works, key_successor; rotate that one, or revoke it first."), (refusal!.Code, refusal.Detail));

        Assert.True(Rotate(former, successor with { RevokedAt = Now }).TryGet(out _, out _));
        Assert.True(Rotate(former, null).TryGet(out _, out _));
    }

    [Fact]
    public void What_was_done_already_is_done() =>
        Assert.IsType<Outcome<ApiKey>.AlreadyApplied>(Rotate(Former with { SuccessorId = "key_new", OverlapEndsAt = Now }, Former));

    [Fact]
    public void One_that_works_no_longer_is_not_there()
    {
        foreach (var former in new[] { Former with { RevokedAt = Now }, Former with { ExpiresAt = Now }, Former with { OverlapEndsAt = Now } })
        {
            Assert.False(Rotate(former, null).TryGet(out _, out var refusal));
            Assert.Equal(RefusalCodes.NotFound, refusal!.Code);
        }
    }

    private static Outcome<ApiKey> Rotate(ApiKey former, ApiKey? successor) => KeyRotation.Rotate(former, successor, "key_new", Now.AddHours(1), Now);
}
