import { get } from './api.js';
import { excludedBy, showCalculator } from './calculator.js';
import { contactLinks } from './contact.js';
import { $, el, fill, say } from './dom.js';
import { number } from './format.js';
import { showPlans } from './plans.js';
import { timesIn } from './price.js';

const LONGEST_SHOWN = 40;
const chosen = new URLSearchParams(location.search);

start().catch((error) => say('bad', error.message));

async function start() {
  const product = chosen.get('product');
  if (product) {
    await showProduct(product);
    return;
  }
  const { products } = await get('plans');
  if (products.length === 1) show(products[0]);
  else showProducts(products);
}

async function showProduct(product) {
  try {
    show(await get(`plans?product=${encodeURIComponent(product)}`));
  } catch (error) {
    if (error.code !== 'INVALID_REQUEST') throw error;
    say('warn', `There is no product “${product.slice(0, LONGEST_SHOWN)}”. These are sold here:`);
    showProducts((await get('plans')).products);
  }
}

function showProducts(products) {
  fill('products', products.map((one) => el('li', {}, el('a', { class: 'card product', href: `?product=${one.product}${location.hash}` },
    el('span', { class: 'plan-name' }, one.name), el('span', { class: 'muted' }, one.plans.map((plan) => plan.name).join(', '))))));
  $('products').hidden = false;
}

function show(catalog) {
  document.title = $('title').textContent = `${catalog.name} plans and prices`;
  let calculate = () => {};
  const offers = showPlans(catalog, chosen, () => calculate());
  $('shared-card').hidden = $('shared').textContent === '';
  fill('start', startTerms(catalog));
  showTopUps(catalog.top_ups);
  showContact(catalog.contact);
  calculate = showCalculator(catalog, { chosen, worth: (price) => worth(offers, price), onchange: (choices) => keep(catalog, offers, choices) });
  $('page').hidden = false;
  // Before it was filled, there was nothing to scroll to.
  document.querySelector('section:target')?.focus();
}

function startTerms(catalog) {
  if (catalog.plans.length === 0) return 'There are no plans.';
  const plan = catalog.plans.find((one) => one.id === catalog.default_plan);
  return [plan ? `New accounts start on ${plan.name}.` : null, catalog.sign_up_credits ? `New accounts get ${number(catalog.sign_up_credits)} credits, which never expire.` : null]
    .filter(Boolean).join(' ');
}

function showTopUps(offer) {
  $('top-ups').hidden = !offer;
  if (offer) fill('top-up', `${number(offer.min_credits)} to ${number(offer.max_credits)} credits at a time. They never expire, and are spent after all others.`);
}

function showContact(contact) {
  fill('contact-links', contactLinks(contact));
  fill('pay-links', contactLinks(contact));
  $('contact').hidden = contactLinks(contact).length === 0;
}

function worth(offers, price) {
  if (offers.length === 0) return null;
  return [
    el('h3', {}, 'A month’s credits make'),
    el('dl', { class: 'legend' }, offers.map(({ plan, credits }) => el('div', {}, el('dt', {}, plan.name), el('dd', {}, timesWords(plan, credits(), price))))),
  ];
}

function timesWords(plan, credits, { cost, template }) {
  const excluded = excludedBy(plan, template);
  if (excluded) return excluded;
  return credits === null ? 'not with that many credits' : `${number(timesIn(credits, cost))} of these`;
}

/** What was chosen stands in the address, so that the link can be shared; what a link brought along stays. */
function keep(catalog, offers, choices) {
  const ranges = offers.filter((one) => one.chooser).map(({ chooser }) => [chooser.name, chooser.value === chooser.defaultValue ? null : chooser.value]);
  for (const [name, value] of [...choices.filter(([field]) => field !== 'product'), ...ranges, ['product', catalog.product]]) {
    if (value === null) chosen.delete(name);
    else chosen.set(name, value);
  }
  history.replaceState(null, '', `?${chosen}${location.hash}`);
}
