// What a plan offers, in words.
import { count, number, price, words } from './format.js';
import { LIMITS } from './limits.js';

const WINDOWS = { 1: 'a second', 60: 'a minute', 3600: 'an hour', 86400: 'a day' };

export function priceTerms(plan) {
  if (plan.free) return ['Free', ''];
  const often = plan.billing === 'once' ? 'once' : 'a month';
  return plan.price ? [price(plan.price), often] : ['', plan.billing === 'once' ? 'Price as the seller sets it, paid once' : 'Price as the seller sets it'];
}

export function allowanceTerms({ monthly_allowance: fixed, allowance_range: range }) {
  if (fixed !== null) return `${count(fixed, 'credit')} a month`;
  return range.max ? `${number(range.min)}–${number(range.max)} credits a month` : `${number(range.min)}+ credits a month`;
}

export const overageTerms = (plan) => (plan.overage ? `Then ${price(plan.overage)} for each generation` : 'Stops at its allowance');

/** Limits and entitlements as [what, how]: one list for every plan, in the same order. */
export function termsOf(plan, catalog) {
  const entitlements = [...new Set(catalog.plans.flatMap((one) => Object.keys(one.entitlements)))];
  return [
    ['Requests per key', rateTerms(plan.rate_limit)],
    ...LIMITS.map(({ name, title, noun }) => [title, plan[name] === null ? 'No limit' : count(plan[name], noun)]),
    ...(catalog.templates.length === 0 ? [] : [['Templates', plan.template_tiers ? words(plan.template_tiers.join(', ')) : 'All']]),
    ...entitlements.map((name) => [words(name), entitlementTerms(plan.entitlements[name])]),
  ];
}

export function rateTerms({ limit, window_seconds: seconds }) {
  const window = WINDOWS[seconds] ?? (seconds % 60 === 0 ? `in ${number(seconds / 60)} minutes` : `in ${number(seconds)} seconds`);
  return `${number(limit)} ${window}`;
}

function entitlementTerms(value) {
  if (value === undefined) return '–';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  return typeof value === 'number' ? number(value) : words(value);
}
