namespace Studio;

/// <summary>The one page there is.</summary>
internal static class Page
{
    public const string Html = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Studio</title>
        <h1>Studio</h1>
        <button id="sign-up">Sign up</button>
        <p><label>Generator <select id="generator"><option>quick<option>slow<option>failing</select></label>
           <label>Images <input id="variants" type="number" value="1" min="1" max="20"></label>
           <button id="make">Make</button></p>
        <p id="buy"><button id="pay">Buy 20 credits</button> <output id="credits"></output></p>
        <p id="message" role="status"></p>
        <script type="module">
          const at = (id) => document.getElementById(id);
          const ask = async (method, path, body) => {
            const answer = await fetch(path, { method, headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
            return answer.ok ? answer.json() : { message: answer.status === 401 ? 'Sign up first.' : `That did not work (${answer.status}).` };
          };
          const show = async (said) => {
            at('message').textContent = said.message ?? '';
            const { credits } = await ask('GET', '/credits');
            at('credits').textContent = credits === undefined ? '' : `${credits} credits`;
          };
          at('sign-up').onclick = async () => { await ask('POST', '/sign-up'); at('message').textContent = 'Welcome.'; };
          at('make').onclick = async () => show(await ask('POST', '/images', { id: crypto.randomUUID(), variants: Number(at('variants').value), generator: at('generator').value }));
          at('pay').onclick = async () => show(await ask('POST', '/credits', { credits: 20, paymentId: crypto.randomUUID() }));
        </script>
        </html>
        """;
}
