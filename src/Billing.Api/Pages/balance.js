import { get } from './api.js';
import { el, fill, number, day, moment, money, table } from './dom.js';

const KINDS = [['plan', 'plan_credits', 'Plan'], ['bonus', 'bonus_credits', 'Bonus'], ['topup', 'top_up_credits', 'Top-up']];

/** What a person should know first: [kind, text…] for the notice, or ['']. */
export function stateOf(credits) {
  if (credits.plan_status === 'paused') return ['bad', 'The subscription is paused: a payment failed or is pending. Nothing can be spent until it succeeds; reading still works.'];
  if (credits.test_mode) return ['warn', 'This is a test key: nothing is charged, and generations carry a watermark.'];
  if (credits.credits === 0) return ['bad', credits.renews_at ? `All credits are used up. New ones arrive on ${day(credits.renews_at)}.` : 'All credits are used up.'];
  if (credits.plan_status === 'canceled') return ['warn', 'The subscription is canceled and does not renew.'];
  if (credits.monthly_allowance > 0 && credits.credits <= credits.monthly_allowance / 5) return ['warn', `Credits run low: ${number(credits.credits)} of ${number(credits.monthly_allowance)} a month are left.`];
  return [''];
}

export function showBalance(credits) {
  const bar = el('div', { class: 'bar', role: 'img', 'aria-label': KINDS.map(([, field, name]) => `${name} ${number(credits[field])}`).join(', ') },
    KINDS.map(([kind]) => el('span', { class: kind })));
  KINDS.forEach(([, field], index) => { bar.children[index].style.width = `${credits.credits === 0 ? 0 : (100 * credits[field]) / credits.credits}%`; });
  fill('balance',
    el('div', { class: 'big', id: 'credits' }, number(credits.credits)),
    bar,
    el('ul', { class: 'legend' }, KINDS.map(([kind, field, name]) => el('li', {}, el('span', { class: `dot ${kind}` }), `${name} ${number(credits[field])}`))));
}

export function showPlan(credits) {
  fill('plan',
    el('p', {}, el('strong', {}, credits.plan ?? 'No plan'), ' ', badge(credits.plan_status)),
    el('p', {}, credits.monthly_allowance > 0 ? `${number(credits.monthly_allowance)} credits a month.` : 'No monthly credits.'),
    el('p', { class: 'muted' }, credits.renews_at ? `Renews on ${moment(credits.renews_at)}. Unused plan credits end then; bonus and top-up credits stay.` : 'Does not renew.'));
}

export async function showOverage(workspace, credits) {
  const { invoices } = await get(`invoices?workspaceId=${workspace}`);
  fill('overage',
    el('p', {}, credits.overage_used === 0 ? 'No overage this month.' : `${credits.overage_used} generations on overage this month; charged at month-end.`),
    table('Overage invoices', [
      { title: 'Month', cell: (one) => one.month },
      { title: 'Units', class: 'number', cell: (one) => number(one.units) },
      { title: 'Credit', class: 'number', cell: (one) => money(one.credit) },
      { title: 'Total', class: 'number', cell: (one) => money(one.total) },
    ], invoices, 'No invoices yet.'));
}

function badge(status) {
  const kind = { active: 'good', paused: 'bad', canceled: 'warn' }[status] ?? '';
  return el('span', { class: `badge ${kind}` }, status === 'none' ? 'no subscription' : status);
}
