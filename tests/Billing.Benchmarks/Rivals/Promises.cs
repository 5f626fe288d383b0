using Billing.Benchmarks.Admits;

namespace Billing.Benchmarks.Rivals;

/// <summary>What a candidate was seen to do, so that nobody is compared with less work than the report says.</summary>
/// <param name="AnswerBytes">Length of the answer's body.</param>
/// <param name="AnswersRepeats">Whether the same Idempotency-Key gets the same answer.</param>
internal sealed record Promises(int AnswerBytes, bool AnswersRepeats)
{
    public static async Task<Promises> SeeAsync(Server server, string customerKey)
    {
        using var http = server.Connect(1);
        using var stranger = await http.PostAsync(new Uri("/api/v1/generations", UriKind.Relative), null);
        if (stranger.IsSuccessStatusCode)
        {
            throw new InvalidOperationException("It admits for whoever has no key.");
        }

        const string Key = "the-same-key-twice";
        var first = await server.AdmitAsync(http, customerKey, Key);
        var second = await server.AdmitAsync(http, customerKey, Key);
        return new Promises(first.Length, first.AsSpan().SequenceEqual(second));
    }
}
