// Drives one Chromium for the tests. A line of standard input is [id, tab, verb, ...arguments], a line of standard output [id, value] or [id, null, why not].
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import { lookAt } from './looks.mjs';

const PATIENCE = 20_000;
const tabs = new Map();

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH,
  chromiumSandbox: process.getuid?.() !== 0, // Chromium has no sandbox for root
  args: ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});

const verbs = {
  async open(name, url) {
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    const tab = { context, page, asked: [], offences: [] };
    tabs.set(name, tab);
    context.on('request', (request) => tab.asked.push(request.url()));
    page.on('pageerror', (error) => tab.offences.push(error.message));
    // A refused request is no offence; a refused style or script is.
    page.on('console', (line) => line.type() === 'error' && !line.text().startsWith('Failed to load resource') && tab.offences.push(line.text()));
    page.on('dialog', (dialog) => dialog.accept());
    await page.goto(url);
  },
  close: (name) => of(name).context.close().then(() => { tabs.delete(name); }),
  asked: (name) => of(name).asked,
  reload: (name) => of(name).page.reload().then(() => null),
  evaluate: (name, script) => of(name).page.evaluate(script),
  look: (name, file) => lookAt(of(name).page, file),

  write: (name, label, text) => of(name).page.getByLabel(label, { exact: true }).fill(text),
  choose: (name, label, option) => of(name).page.getByRole('combobox', { name: label, exact: true }).selectOption({ label: option }),
  check: (name, label, checked) => of(name).page.getByLabel(label, { exact: true }).setChecked(checked),
  press: (name, button, row) => buttonOf(name, button, row).click(),
  async keys(name, keys) {
    for (const key of keys) await of(name).page.keyboard.press(key);
  },
  type: (name, text) => of(name).page.keyboard.type(text),
  async download(name, button) {
    const [file] = await Promise.all([of(name).page.waitForEvent('download'), buttonOf(name, button).click()]);
    const chunks = await (await file.createReadStream()).toArray();
    return [file.suggestedFilename(), Buffer.concat(chunks).toString('utf8')];
  },

  sees: (name, place, text) => awaited(name, place, text, 'visible', 'should show'),
  misses: (name, place, text) => awaited(name, place, text, 'hidden', 'should not show'),
};

function of(name) {
  return tabs.get(name) ?? (() => { throw new Error('The page is closed.'); })();
}

/** A region by its heading, or an element by its #id. */
function placeOf(name, place) {
  const { page } = of(name);
  return place.startsWith('#') ? page.locator(place) : page.getByRole('region', { name: place, exact: true });
}

function buttonOf(name, button, row) {
  const { page } = of(name);
  return (row ? page.getByRole('row').filter({ hasText: row }) : page).getByRole('button', { name: button, exact: true }).first();
}

async function awaited(name, place, text, state, should) {
  const region = placeOf(name, place);
  try {
    await region.filter({ hasText: text }).waitFor({ state });
  } catch {
    const seen = await region.innerText({ timeout: 1_000 }).catch(() => 'nothing: it is not there');
    throw new Error(`"${place}" ${should} "${text}". It shows ${seen}`);
  }
}

async function answer([id, name, verb, ...rest]) {
  try {
    const value = await verbs[verb](name, ...rest);
    // What a test's own script provokes is not the page's fault.
    const offences = verb === 'evaluate' ? [] : tabs.get(name)?.offences ?? [];
    return offences.length > 0 ? [id, null, `The page broke: ${offences.join('\n')}`] : [id, value ?? null];
  } catch (error) {
    return [id, null, error.message];
  }
}

createInterface({ input: process.stdin })
  .on('line', async (line) => process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`))
  .on('close', () => browser.close());
