import { get, post } from './api.js';
import { act, button, el, fill, outcome, table } from './dom.js';
import { count, moment, number, words } from './format.js';
import { statusBadge } from './balance.js';
import { showLedger } from './ledger.js';
import { invoiceTable } from './overage.js';

/** All that an operator sees of one workspace. */
export async function showWorkspace(id) {
  const article = el('article', {});
  await refresh(article, id);
  return article;
}

async function refresh(article, id, reviewed = outcome()) {
  const [{ account }, { invoices }, { refunds }] = await Promise.all([
    get(`admin/workspaces/${id}`), get(`admin/workspaces/${id}/invoices`), get(`admin/workspaces/${id}/refunds`),
  ]);
  const audited = outcome();
  const ledger = el('div');
  await showLedger(ledger, `admin/workspaces/${id}/ledger?`);
  fill(article,
    el('div', { class: 'spread' },
      el('div', {}, el('h3', { class: 'name' }, account.name, ' ', statusBadge(account.plan_status)), el('code', {}, id)),
      button('Audit the ledger', () => act(audited, () => audit(id)), '')),
    audited,
    facts(account),
    el('h3', {}, 'Refunds to review'),
    reviewed,
    refundTable(refunds, (refund, decision) => act(reviewed, () => review(article, id, reviewed, refund, decision))),
    el('h3', {}, 'Ledger'),
    ledger,
    el('h3', {}, 'Overage invoices'),
    invoiceTable(invoices));
}

function facts(account) {
  const all = [
    ['Credits', number(account.credits)], ['Plan credits', number(account.plan_credits)], ['Bonus credits', number(account.bonus_credits)], ['Top-up credits', number(account.top_up_credits)],
    ['Product', words(account.product)], ['Plan', account.plan ? words(account.plan) : 'None'], ['Renews', account.renews_at ? moment(account.renews_at) : 'Never'], ['Running', count(account.running, 'generation')],
    ['Overage this month', count(account.overage_used, 'generation')], ['Debt', number(account.debt)], ['Refunds under way', number(account.pending_refunds)], ['Ledger entries', number(account.entries)],
  ];
  return el('dl', { class: 'facts' }, all.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
}

function refundTable(refunds, decide) {
  return table('Refunds to review', [
    { title: 'Asked', class: 'when', cell: (one) => moment(one.created_at) },
    { title: 'Generation', class: 'wrap', cell: (one) => el('code', {}, one.generation_id) },
    { title: 'Why', class: 'wrap', cell: (one) => [words(one.reason), one.note].filter(Boolean).join(': ') },
    { title: 'Credits', class: 'number', cell: (one) => number(one.credits) },
    { title: '', class: 'actions', cell: (one) => el('div', { class: 'row' }, button('Approve', () => decide(one, 'approve')), button('Deny', () => decide(one, 'deny'))) },
  ], refunds, { empty: 'Nothing to review.' });
}

async function audit(id) {
  const report = await get(`admin/workspaces/${id}/audit`);
  if (!report.ok) throw new Error(report.differences.join(' '));
  return [`The ledger adds up: ${count(report.entries, 'entry', 'entries')}, ${count(report.balance, 'credit')}.`];
}

async function review(article, id, reviewed, refund, decision) {
  await post(`admin/refunds/${refund.id}/${decision}`);
  await refresh(article, id, reviewed);
  return [decision === 'approve' ? `Approved: ${count(refund.credits, 'credit')} on the way back.` : 'Denied: nothing is given back.'];
}
