import { contactLinks } from './contact.js';
import { badge, el, fill } from './dom.js';
import { count, day, moment, money, number } from './format.js';

const KINDS = [['plan', 'plan_credits', 'Plan'], ['bonus', 'bonus_credits', 'Bonus'], ['topup', 'top_up_credits', 'Top-up']];

/** What a person should know first: [kind, text…] for the notice, or nothing. */
export function stateOf(credits, catalog) {
  const { credits: left, monthly_allowance: allowance, plan_status: status, renews_at: renewal } = credits;
  const overage = planOf(credits, catalog)?.overage;
  const tell = (kind, title, text, link) => [kind, el('strong', {}, title), ` ${text} `, link ? beside(catalog.action_url, link) : null];
  if (status === 'paused') return tell('bad', 'The subscription is paused.', 'A payment failed or is pending. Nothing can be spent until it succeeds; reading still works.', 'Update the payment');
  if (credits.test_mode) return tell('warn', 'This is a test key.', 'Nothing is charged, and what it generates carries a watermark.');
  if (left === 0 && overage) return tell('warn', 'All credits are used up.', `Generations go on as overage, at ${money(overage)} each.`, 'Top up');
  if (left === 0 && status === 'none') return tell('bad', 'There are no credits.', 'Nothing can be generated until some arrive.', 'Top up');
  if (left === 0) return tell('bad', 'All credits are used up.', renewal ? `New ones arrive on ${day(renewal)}.` : '', 'Top up');
  if (status === 'canceled') return tell('warn', 'The subscription is canceled.', 'It does not renew.', 'See the plans');
  if (left <= allowance / 5) return tell('warn', 'Credits run low.', `${number(left)} left, with ${number(allowance)} a month.`, 'Top up');
  return [];
}

// In a window of its own: this one would forget who signed in.
const beside = (href, text) => el('a', { href, target: '_blank', rel: 'noopener noreferrer' }, text);

export const planOf = (credits, catalog) => catalog.plans.find((plan) => plan.id === credits.plan);

export function showBalance(credits) {
  const used = Math.max(0, credits.monthly_allowance - credits.plan_credits);
  const parts = [...KINDS.map(([kind, field]) => [kind, credits[field]]), ['used', used]].filter(([, size]) => size > 0);
  fill('balance',
    el('p', { class: 'big' }, el('span', { id: 'credits' }, number(credits.credits)), ' ', el('span', { class: 'unit' }, credits.credits === 1 ? 'credit' : 'credits')),
    el('div', { class: 'bar', 'aria-hidden': 'true' }, parts.map(([kind, size]) => part(kind, size))),
    el('dl', { class: 'legend' }, KINDS.map(([kind, field, name]) => el('div', {},
      el('dt', {}, el('span', { class: `dot ${kind}` }), name),
      el('dd', {}, number(credits[field]), kind === 'plan' && credits.monthly_allowance > 0 ? el('span', { class: 'muted' }, ` of ${number(credits.monthly_allowance)}`) : null)))));
}

function part(kind, size) {
  const element = el('span', { class: kind });
  element.style.flexGrow = size; // the policy forbids styles in markup, not those a script sets
  return element;
}

export function showPlan(credits, catalog) {
  const plan = planOf(credits, catalog);
  fill('plan',
    el('p', { class: 'plan-name' }, plan?.name ?? credits.plan ?? 'No plan', ' ', statusBadge(credits.plan_status)),
    el('p', {}, credits.monthly_allowance > 0 ? `${count(credits.monthly_allowance, 'credit')} a month${plan?.price?.amount_minor > 0 && plan.billing === 'monthly' ? ` for ${money(plan.price)}` : ''}.` : 'No monthly credits.'),
    el('p', {}, credits.renews_at ? `Renews on ${moment(credits.renews_at)}.` : 'Does not renew.'),
    el('p', { class: 'muted' }, credits.renews_at ? 'Unused plan credits end then; bonus and top-up credits stay.' : 'Bonus and top-up credits stay.'),
    el('p', {}, beside(`/pricing?product=${catalog.product}`, 'Plans and prices')),
    el('div', { class: 'row' }, contactLinks(catalog.contact)));
}

export function statusBadge(status) {
  return badge(status === 'none' ? 'no subscription' : status, { active: 'good', paused: 'bad', canceled: 'warn' }[status]);
}
