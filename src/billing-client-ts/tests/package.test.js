import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import * as library from "../dist/index.js";

const folder = new URL("..", import.meta.url);
const text = (file) => readFileSync(new URL(file, folder), "utf8");

test("what it exports is what is promised", () => {
  assert.deepEqual(Object.keys(library).sort(), [
    "BillingClient", "BillingError", "BillingOperator", "BillingRefusedError", "GenerationFailure", "UnsettledError", "WebhookVerificationError", "verifyWebhook",
  ]);
});

test("it runs wherever there is fetch: nothing of Node's own, and no package", () => {
  for (const file of readdirSync(new URL("dist", folder)).filter((name) => name.endsWith(".js"))) {
    const code = text(`dist/${file}`).replace(/\/\*[^]*?\*\/|\/\/.*/g, "");
    assert.doesNotMatch(code, /\b(node:|require\(|process\.|Buffer\b|__dirname|window\.|document\.)/, file);
    for (const [, imported] of code.matchAll(/from "([^"]+)"/g)) {
      assert.match(imported, /^\.\/[\w-]+\.js$/, file);
    }
  }

  assert.equal(JSON.parse(text("package.json")).dependencies, undefined);
});

test("the lock file names no registry", () => {
  assert.doesNotMatch(text("package-lock.json"), /"resolved"/);
});

test("nothing is added up that is a sum of credits", () => {
  // A credit is a thousandth of an integer on the backend's side; here it is only handed on.
  for (const file of readdirSync(new URL("src", folder)).filter((name) => name !== "openapi.ts")) {
    assert.doesNotMatch(text(`src/${file}`), /\.(credits|cost|amount|balance_after|refunded)\s*[-+*/]/, file);
  }
});

test("the licence is the repository's", () => {
  assert.equal(text("LICENSE"), text("../../LICENSE"));
});
