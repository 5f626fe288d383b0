import { get } from './api.js';
import { button, el, fill, table } from './dom.js';
import { moment, number, signed, words } from './format.js';

const PAGE = 50;
const COLUMNS = [
  { title: 'When', class: 'when', cell: (one) => moment(one.created_at) },
  { title: 'What', class: 'what', cell: (one) => [one.description, noteOf(one) ? el('span', { class: 'note' }, noteOf(one)) : ''] },
  { title: 'Type', class: 'type', cell: (one) => words(one.type) },
  { title: 'Credits', class: 'number amount', cell: (one) => el('span', { class: ['minus', '', 'plus'][Math.sign(one.amount) + 1] }, signed(one.amount)) },
  { title: 'Left', class: 'number left', cell: (one) => number(one.balance_after) },
];

// What the customer wrote when it asked for the generation.
const noteOf = (one) => String(one.metadata.description ?? '');

/** Ledger entries, newest first, a page at a time. <c>query</c> is a path that ends ready for another parameter. */
export async function showLedger(target, query, empty = 'Nothing yet.') {
  target.asked = query;
  const page = await get(`${query}limit=${PAGE}`);
  if (target.asked !== query) return; // another type was chosen meanwhile
  const shown = el('p', { class: 'muted' });
  const rest = button('Show more', () => more(rest.cursor).catch((error) => { shown.textContent = error.message; }), '');
  const body = table('Ledger entries', COLUMNS, page.transactions, { empty, kind: 'statement' });
  fill(target, body, page.total > 0 ? el('div', { class: 'foot' }, shown, rest) : null);
  settle(page);

  function settle({ total, next_cursor: cursor }) {
    shown.textContent = `${number(body.tBodies?.[0].rows.length ?? 0)} of ${number(total)}`;
    rest.hidden = !cursor;
    rest.cursor = cursor;
  }

  // Rows are added below those that are there: reading place and focus stay where they are.
  async function more(cursor) {
    const next = await get(`${query}limit=${PAGE}&cursor=${cursor}`);
    body.tBodies[0].append(...table('', COLUMNS, next.transactions, { empty }).tBodies[0].rows);
    settle(next);
  }
}

const MOST_IN_FILE = 10_000;
const EACH = 200;

/** Every entry, up to the newest 10,000, as a file. */
export async function downloadLedger(query) {
  const lines = ['id,type,amount,balance_after,description,note,created_at'];
  for (let cursor = ''; cursor !== null && lines.length <= MOST_IN_FILE;) {
    const page = await get(`${query}limit=${EACH}${cursor}`);
    lines.push(...page.transactions.map((one) => [one.id, one.type, one.amount, one.balance_after, quoted(one.description), quoted(noteOf(one)), one.created_at].join(',')));
    cursor = page.next_cursor ? `&cursor=${page.next_cursor}` : null;
  }

  const link = el('a', { href: URL.createObjectURL(new Blob([lines.join('\r\n'), '\r\n'], { type: 'text/csv' })), download: 'credits.csv' });
  link.click();
  URL.revokeObjectURL(link.href);
}

// A spreadsheet would run what begins like a formula.
const quoted = (text) => `"${text.replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`;
