import { contactLink } from './contact.js';
import { el, field, fill } from './dom.js';
import { allowanceTerms, overageTerms, priceTerms, termsOf } from './terms.js';

/** Shows the plans side by side, and below them, once, what all have. Answers each with its credits a month, as chosen where they are to choose. */
export function showPlans(catalog, chosen, onchange) {
  const offers = catalog.plans.map((plan) => ({ plan, terms: termsOf(plan, catalog), chooser: chooserOf(plan, chosen, onchange) }));
  const shared = sharedBy(offers);
  fill('plans', offers.map((one) => card(one, shared, catalog.contact)));
  fill('shared', el('dl', { class: 'facts' }, shared.map(fact)));
  return offers.map(({ plan, chooser }) => ({ plan, chooser, credits: () => (chooser ? chosenIn(chooser) : plan.monthly_allowance) }));
}

function sharedBy(offers) {
  const same = (what, how) => offers.every((one) => one.terms.some(([name, value]) => name === what && value === how));
  return offers.length < 2 ? [] : offers[0].terms.filter(([what, how]) => same(what, how));
}

function card({ plan, terms, chooser }, shared, contact) {
  const [price, often] = priceTerms(plan);
  const own = terms.filter(([what]) => !shared.some(([name]) => name === what));
  return el('li', { class: 'card offer' },
    el('h3', { class: 'name' }, plan.name),
    el('p', { class: 'offer-price' }, price ? el('span', { class: 'plan-name' }, price) : null, often ? el('span', { class: 'muted' }, ` ${often}`) : null),
    el('div', {}, el('p', { class: 'offer-credits' }, allowanceTerms(plan)), el('p', { class: 'muted small' }, overageTerms(plan))),
    el('dl', { class: 'legend' }, own.map(fact)),
    el('div', { class: 'stack' }, chooser ? field('Credits a month', chooser) : null, chooser || !price ? contactLink(contact, 'sales', 'Contact sales') : null));
}

const fact = ([what, how]) => el('div', {}, el('dt', {}, what), el('dd', {}, how));

function chooserOf(plan, chosen, onchange) {
  const range = plan.allowance_range;
  if (!range) return null;
  const chooser = el('input', { type: 'number', name: `credits.${plan.id}`, min: range.min, max: range.max, step: 'any', value: range.min, required: true, oninput: onchange });
  const wanted = chosen.get(chooser.name);
  if (wanted !== null) chooser.value = wanted;
  return chooser;
}

/** Null when it is no amount that the plan has. */
const chosenIn = (chooser) => (chooser.checkValidity() ? Number(chooser.value) : null);
