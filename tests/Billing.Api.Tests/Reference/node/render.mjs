// Draws the reference page as a browser would and tells what it shows. FILES: folder of the pages; DOCUMENT: the OpenAPI document; FIND: what is typed into the search field.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseHTML } from "linkedom";

const { FILES, DOCUMENT, FIND } = process.env;
const { document, Event } = parseHTML(await readFile(join(FILES, "reference.html"), "utf8"));
const asked = [];
Object.assign(globalThis, {
  document,
  location: { origin: "https://billing.example", hash: "" },
  fetch: async (address) => {
    asked.push(address);
    return { ok: true, json: async () => JSON.parse(await readFile(DOCUMENT, "utf8")) };
  },
});

await import(pathToFileURL(join(FILES, "reference.js")));
if (FIND) {
  const field = document.getElementById("find");
  field.value = FIND;
  field.dispatchEvent(new Event("input"));
}

const all = (selector, within = document) => [...within.querySelectorAll(selector)];
console.log(JSON.stringify({
  asked,
  text: document.getElementById("page").textContent,
  notice: document.getElementById("notice").textContent,
  introduced: !document.getElementById("introduction").hidden,
  contents: all("#contents a").map((link) => link.getAttribute("href").slice(1)),
  shown: all("article").filter((article) => !article.hidden).map((article) => article.id),
  operations: Object.fromEntries(all("article").map((article) => [article.id, {
    told: article.querySelector(".told").textContent,
    fields: all(".name", article).map((name) => name.textContent),
    samples: all("pre", article).map((sample) => sample.textContent),
  }])),
}));
