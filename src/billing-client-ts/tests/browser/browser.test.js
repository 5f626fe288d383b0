// The package as it is built, in a browser, against a running Host: TypeScriptTests.cs says where both are.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { BillingOperator } from "billing-client";

const { BILLING_ADDRESS: baseUrl, BILLING_OPERATOR_KEY: operatorKey, CHROMIUM_PATH: chromium } = process.env;
const folder = new URL("../../", import.meta.url);
const script = { "Content-Type": "text/javascript" };

test("it works in a browser, for what a customer may", async (t) => {
  const operator = new BillingOperator({ baseUrl, operatorKey });
  const { account_id } = await operator.accounts.create({ product: "bloom", name: "Ada", email: "ada@example.com" });
  const { token } = await operator.accounts.session(account_id);
  const { server, done } = serve({ token, delivery: deliveryOf({ type: "ping" }) });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const profile = mkdtempSync(join(tmpdir(), "billing-client-"));
  // Chromium has no sandbox for root.
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const browser = spawn(
    chromium,
    ["--headless=new", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", ...sandbox, `--user-data-dir=${profile}`, `http://127.0.0.1:${server.address().port}/`],
    { stdio: "ignore", detached: process.platform !== "win32" },
  );
  const ended = new Promise((resolve) => browser.once("close", resolve));
  t.after(async () => {
    // With all its processes, which would go on writing into the profile.
    process.kill(process.platform === "win32" ? browser.pid : -browser.pid, "SIGKILL");
    await ended;
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  });

  const told = await Promise.race([done, ended.then((code) => assert.fail(`The browser ended with ${code}.`))]);
  assert.deepEqual(told, {
    credits: 10, cost: 6, allowed: true, plans: 1, types: ["grant"], admission: ["refused", "FORBIDDEN"], refused: [true, "FORBIDDEN", "string"], event: "ping",
    forged: "WebhookVerificationError", node: ["undefined", "undefined"],
  });
});

/** The page, the package, and the Host behind the same address, as a seller's web app has it. */
function serve(config) {
  let finish;
  const done = new Promise((resolve) => (finish = resolve));
  const server = createServer(async (request, response) => {
    const body = await new Response(request).text();
    if (request.url.startsWith("/api/")) {
      return forward(request, body, response);
    }

    if (request.url === "/done") {
      finish(JSON.parse(body));
    }

    const [headers, text] = pageOf(request.url, config);
    response.writeHead(text === undefined ? 404 : 200, headers).end(text);
  });
  return { server, done };
}

function pageOf(url, config) {
  const [, file] = /^\/dist\/([\w-]+\.js)$/.exec(url) ?? [];
  return file !== undefined ? [script, readFileSync(new URL(`dist/${file}`, folder))]
    : url === "/page.js" ? [script, readFileSync(new URL("page.js", import.meta.url))]
    : url === "/config.json" ? [{ "Content-Type": "application/json" }, JSON.stringify(config)]
    : url === "/" || url === "/done" ? [{ "Content-Type": "text/html" }, '<!doctype html><title>Test</title><script type="module" src="/page.js"></script>']
    : [{}, undefined];
}

async function forward(request, body, response) {
  const { authorization, "content-type": type } = request.headers;
  const answer = await fetch(new URL(request.url, baseUrl), {
    method: request.method,
    headers: { ...(authorization === undefined ? {} : { authorization }), ...(type === undefined ? {} : { "content-type": type }) },
    ...(body === "" ? {} : { body }),
  });
  response.writeHead(answer.status, { "Content-Type": "application/json", "X-Request-Id": answer.headers.get("X-Request-Id") }).end(await answer.text());
}

function deliveryOf(event) {
  const [secret, now, body] = [Buffer.alloc(32, 7), Date.now(), JSON.stringify(event)];
  const timestamp = String(Math.trunc(now / 1_000));
  const signature = createHmac("sha256", secret).update(`evt_1.${timestamp}.${body}`).digest("base64");
  return { now, body, secret: `whsec_${secret.toString("base64")}`, headers: { "webhook-id": "evt_1", "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` } };
}
