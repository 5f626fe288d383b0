import { get } from './api.js';
import { el, fill, table } from './dom.js';
import { count, money, month, number } from './format.js';
import { planOf } from './balance.js';

export async function showOverage(workspace, credits, catalog) {
  const { invoices } = await get(`invoices?workspaceId=${workspace}`);
  fill('overage', el('p', {}, standing(credits, planOf(credits, catalog)?.overage)), invoiceTable(invoices));
}

function standing(credits, price) {
  if (credits.overage_used > 0) return [el('strong', {}, `${count(credits.overage_used, 'generation')} on overage this month`), '; charged at month-end.'];
  return price ? `No overage this month. A generation that your credits do not cover costs ${money(price)}.` : 'There is no overage: a generation that your credits do not cover is refused.';
}

/** Overage invoices, newest first: the same for customers and operators. */
export function invoiceTable(invoices) {
  return table('Overage invoices', [
    { title: 'Month', cell: (one) => month(one.month) },
    { title: 'Generations', class: 'number', cell: (one) => number(one.units) },
    { title: 'Credit', class: 'number', cell: (one) => money(one.credit) },
    { title: 'Total', class: 'number', cell: (one) => money(one.total) },
  ], invoices, { empty: 'No invoices yet.' });
}
