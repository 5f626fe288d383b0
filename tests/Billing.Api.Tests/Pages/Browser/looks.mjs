// How a page looks: pictures of it, and what is wrong with it on two screens, in light and dark.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const SCREENS = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } };

// Colours do not depend on the width, nor the order of elements on the colours: these two see all that four would.
const EXAMINED = ['desktop-light', 'phone-dark'];

/** Writes four pictures and answers every fault it finds, in words. */
export async function lookAt(page, file) {
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
  const faults = [];
  for (const [screen, viewport] of Object.entries(SCREENS)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.evaluate(drawn);
      const look = `${screen}-${colorScheme}`;
      await page.screenshot({ path: `${file}-${look}.png`, fullPage: true });
      if (EXAMINED.includes(look)) faults.push(...(await examined(page)).map((fault) => `${look}: ${fault}`));
    }
    faults.push(...(await page.evaluate(tooWide)).map((fault) => `${screen}: wider than the screen: ${fault}`));
  }
  await page.setViewportSize(SCREENS.desktop);
  await page.emulateMedia({ colorScheme: 'light' });
  return faults;
}

async function examined(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.flatMap(({ id, impact, help, nodes }) => nodes.map((node) => `${impact} ${id} (${help}): ${node.html.slice(0, 200)} ${node.failureSummary.replaceAll('\n', ' ')}`));
}

// What observes sizes has run by the second frame.
const drawn = () => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); });

function tooWide() {
  const width = document.documentElement.clientWidth;
  return document.documentElement.scrollWidth <= width ? [] : [...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > width + 1)
    .slice(-3).map((element) => element.outerHTML.slice(0, 120));
}
