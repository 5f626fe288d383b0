using System.Globalization;
using Billing.Keys;

namespace Billing.Tests.Keys;

/// <summary>How an account's keys are counted: exactly, and no longer than they work.</summary>
public sealed class KeyRingTests
{
    private static readonly DateTimeOffset Now = new(2025, 11, 3, 10, 30, 0, TimeSpan.Zero);

    [Fact]
    public void As_many_keys_work_as_may_and_no_more()
    {
        var ring = Full();
        Assert.Equal(KeyRing.Most, ring.Keys.Length);
        var refused = Assert.IsType<Outcome<KeyRing>.Declined>(ring.Add(Key("more"), Now)).Refusal;
        Assert.Equal((RefusalCodes.Conflict, "The account has 200 keys that work; revoke one before you create another."), (refused.Code, refused.Detail));
    }

    [Fact]
    public void A_revoked_key_makes_room_at_once_and_one_that_expires_when_it_does()
    {
        var ring = Full();
        Assert.True(ring.End(Key("0") with { RevokedAt = Now }).Add(Key("more"), Now).TryGet(out _, out _));

        var limited = new KeyRing().Add(Key("short") with { ExpiresAt = Now.AddDays(1) }, Now).TryGet(out var one, out _) ? Fill(one) : null!;
        Assert.False(limited.Add(Key("more"), Now.AddDays(1).AddMilliseconds(-1)).TryGet(out _, out _));
        Assert.True(limited.Add(Key("more"), Now.AddDays(1)).TryGet(out _, out _));
    }

    [Fact]
    public void Rotating_for_years_leaves_room_and_a_list_that_does_not_grow()
    {
        var ring = new KeyRing();
        for (var day = 0; day < 2_000; day++)
        {
            Assert.True(ring.Add(Key($"{day}"), Now.AddDays(day)).TryGet(out ring!, out _));
            ring = ring.End(Key($"{day}") with { RevokedAt = Now.AddDays(day) });
        }

        Assert.Equal(90, ring.Keys.Length);
    }

    [Fact]
    public void Of_a_thousand_rotations_in_a_day_those_that_ended_first_go_first()
    {
        var ring = new KeyRing();
        for (var i = 0; i < KeyRing.MostKept + 50; i++)
        {
            Assert.True(ring.Add(Key($"{i}"), Now.AddSeconds(i)).TryGet(out ring!, out _));
            ring = i == 0 ? ring : ring.End(Key($"{i}") with { RevokedAt = Now.AddSeconds(i) });
        }

        Assert.Equal(KeyRing.MostKept, ring.Keys.Length);
        Assert.Contains(ring.Keys, key => key.Id == "0");
        Assert.DoesNotContain(ring.Keys, key => key.Id == "1");
    }

    [Fact]
    public void A_key_leaves_the_list_90_days_after_its_end()
    {
        var revoked = Key("0") with { RevokedAt = Now };
        Assert.True(KeyRing.Lists(revoked, Now.AddDays(90).AddMilliseconds(-1)));
        Assert.False(KeyRing.Lists(revoked, Now.AddDays(90)));
        Assert.True(KeyRing.Lists(Key("0"), Now.AddYears(20)));
    }

    [Fact]
    public void The_keys_themselves_correct_what_a_dead_process_left_behind()
    {
        var ring = Full().Corrected([.. Enumerable.Range(0, KeyRing.Most - 2).Select(i => Key($"{i}")), Key("old") with { RevokedAt = Now.AddDays(-1) }], Now.AddHours(2));
        Assert.Equal(KeyRing.Most - 2, ring.Keys.Count(key => key.WorksAt(Now.AddHours(2))));
        Assert.Contains(ring.Keys, key => key.Id == "old");

        // What was added within the hour may still be on its way.
        Assert.Equal(KeyRing.Most, Full().Corrected([], Now.AddMinutes(59)).Keys.Length);
        Assert.Empty(Full().Corrected([], Now.AddHours(1)).Keys);
        Assert.Distinct(Full().Corrected([Key("0"), Key("more")], Now.AddMinutes(59)).Keys.Select(key => key.Id));
        Assert.Equal(KeyRing.Most + 1, Full().Corrected([Key("0"), Key("more")], Now.AddMinutes(59)).Keys.Length);
    }

    [Fact]
    public void Who_has_as_many_keys_as_may_can_rotate_each_of_them_once()
    {
        var ring = Full();
        var endsAt = Now.AddDays(7);
        for (var i = 0; i < KeyRing.Most; i++)
        {
            Assert.True(ring.Rotate(Key($"{i}"), Key($"new {i}"), endsAt, Now).TryGet(out ring!, out _));
            ring = ring.End(Key($"{i}") with { OverlapEndsAt = endsAt });
        }

        Assert.Equal(KeyRing.MostWithSuccessors, ring.Keys.Count(one => one.WorksAt(Now)));
        var refused = Assert.IsType<Outcome<KeyRing>.Declined>(ring.Rotate(Key("new 0"), Key("more"), endsAt, Now)).Refusal;
        Assert.Equal((RefusalCodes.Conflict, "The account has 400 keys that work; revoke one, or rotate without an overlap."), (refused.Code, refused.Detail));
        Assert.False(ring.Add(Key("more"), Now).TryGet(out _, out _));

        // Without an overlap there are no more than before, and when the overlaps have ended there is room again.
        Assert.True(ring.Rotate(Key("new 0"), Key("more"), Now, Now).TryGet(out _, out _));
        Assert.True(ring.Rotate(Key("new 0"), Key("more"), endsAt.AddDays(7), endsAt).TryGet(out _, out _));
    }

    [Fact]
    public void A_key_that_was_taken_back_leaves_its_place()
    {
        var ring = Full();
        Assert.True(ring.Rotate(Key("0"), Key("new"), Now, Now).TryGet(out var more, out _));
        Assert.Contains(more!.Keys, one => one.Id == "new");
        Assert.True(ring.Keys.SequenceEqual(more.Without(Key("new")).Keys));
    }

    [Fact]
    public void A_key_ends_with_whatever_comes_first()
    {
        Assert.Equal(Now, (Key("0") with { OverlapEndsAt = Now }).EndsAt);
        Assert.Equal(Now, (Key("0") with { OverlapEndsAt = Now.AddDays(1), ExpiresAt = Now }).EndsAt);
        Assert.Equal(Now, (Key("0") with { OverlapEndsAt = Now, ExpiresAt = Now.AddDays(1), RevokedAt = Now.AddHours(1) }).EndsAt);
        Assert.Null(Key("0").EndsAt);
        Assert.Equal(Now, (Key("0") with { RevokedAt = Now }).EndsAt);
        Assert.Equal(Now, (Key("0") with { ExpiresAt = Now }).EndsAt);
        Assert.Equal(Now, (Key("0") with { ExpiresAt = Now, RevokedAt = Now.AddDays(1) }).EndsAt);
        Assert.Equal(Now, (Key("0") with { ExpiresAt = Now.AddDays(1), RevokedAt = Now }).EndsAt);
    }

    [Fact]
    public void The_list_is_in_order_of_creation_and_no_key_is_in_it_twice()
    {
        var ring = new KeyRing();
        foreach (var key in new[] { Key("c"), Key("b") with { CreatedAt = Now.AddSeconds(1) }, Key("a") with { CreatedAt = Now.AddSeconds(1) }, Key("d") with { CreatedAt = Now.AddSeconds(-1), ExpiresAt = Now }, Key("c") with { ExpiresAt = Now.AddDays(1) } })
        {
            Assert.True(ring.Add(key, Now).TryGet(out ring!, out _));
        }

        Assert.Equal(["d", "c", "a", "b"], ring.Keys.Select(key => key.Id));
        Assert.Equal([Now, Now.AddDays(1), null, null], ring.Keys.Select(key => key.EndsAt));
    }

    [Fact]
    public void A_key_works_until_the_instant_of_its_end()
    {
        Assert.True(Key("0").WorksAt(Now.AddYears(20)));
        Assert.True((Key("0") with { ExpiresAt = Now }).WorksAt(Now.AddMilliseconds(-1)));
        Assert.False((Key("0") with { ExpiresAt = Now }).WorksAt(Now));
    }

    private static KeyRing Full() => Fill(new KeyRing());

    private static KeyRing Fill(KeyRing ring)
    {
        for (var i = ring.Keys.Length; i < KeyRing.Most; i++)
        {
            Assert.True(ring.Add(Key(i.ToString(CultureInfo.InvariantCulture)), Now).TryGet(out ring!, out _));
        }

        return ring;
    }

    private static ApiKey Key(string id) => new()
    {
        Id = id,
        Hash = "",
        Masked = "",
        Name = "Key",
        Environment = KeyEnvironment.Production,
        AccountId = "acct_0123456789abcdef",
        HomeWorkspaceId = "ws_0123456789abcdef",
        Product = "bluma",
        CreatedAt = Now,
    };
}
