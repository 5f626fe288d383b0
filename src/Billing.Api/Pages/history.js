import { get } from './api.js';
import { $, el, fill, number, moment, day, table } from './dom.js';

const PAGE = 50;
const MOST_FOR_CHART = 2000;
let shown = [];

export async function showHistory(workspace, type) {
  shown = [];
  await more(workspace, type, null);
  $('csv').onclick = () => download(shown);
}

async function more(workspace, type, cursor) {
  const page = await get(`credits/history?limit=${PAGE}&workspaceId=${workspace}${type ? `&type=${type}` : ''}${cursor ? `&cursor=${cursor}` : ''}`);
  shown = shown.concat(page.transactions);
  fill('history',
    table('Ledger entries', [
      { title: 'When', class: 'when', cell: (one) => moment(one.created_at) },
      { title: 'What', class: 'wrap', cell: (one) => one.description },
      { title: 'Type', cell: (one) => one.type.replace('_', ' ') },
      { title: 'Credits', class: 'number', cell: (one) => el('span', { class: one.amount < 0 ? 'minus' : 'plus' }, `${one.amount > 0 ? '+' : ''}${number(one.amount)}`) },
      { title: 'Left', class: 'number', cell: (one) => number(one.balance_after) },
    ], shown, type ? 'Nothing of this type.' : 'Nothing yet.'),
    el('p', { class: 'muted' }, `${shown.length} of ${page.total}`),
    page.next_cursor ? el('button', { type: 'button', id: 'more', onclick: () => more(workspace, type, page.next_cursor) }, 'Show more') : null);
}

function download(entries) {
  const quote = (value) => `"${String(value).replaceAll('"', '""').replace(/^[=+\-@]/, "'$&")}"`;
  const lines = [['id', 'type', 'amount', 'balance_after', 'description', 'created_at'].join(',')]
    .concat(entries.map((one) => [one.id, one.type, one.amount, one.balance_after, quote(one.description), one.created_at].join(',')));
  const link = el('a', { href: URL.createObjectURL(new Blob([lines.join('\r\n')], { type: 'text/csv' })), download: 'credits.csv' });
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Spending per day since the period began, refunds taken off, and how long the credits last at this rate. */
export async function showSpend(workspace, credits) {
  const days = await spendPerDay(workspace, credits);
  const spent = days.reduce((sum, [, amount]) => sum + amount, 0);
  if (spent <= 0) {
    fill('spend', el('p', { class: 'empty' }, 'Nothing was spent in this period.'));
    return;
  }

  const rate = spent / days.length;
  const left = Math.floor(credits.credits / rate);
  const last = new Date(Date.parse(days.at(-1)[0]) + left * 86400000);
  const enough = credits.renews_at && last >= new Date(credits.renews_at);
  const chart = el('div', { class: 'chart', role: 'img', 'aria-label': `Credits spent per day: ${days.filter(([, amount]) => amount > 0).map(([date, amount]) => `${date} ${number(amount)}`).join(', ')}` });
  fill('spend', el('p', { id: 'projection' }, `${number(Math.round(rate * 10) / 10)} a day on average. `,
    el('strong', {}, credits.credits === 0 ? 'Nothing is left.' : enough ? `Lasts until the renewal on ${day(credits.renews_at)}.` : `Lasts until about ${day(last.toISOString())}.`)), chart);
  draw(chart, days);
}

async function spendPerDay(workspace, credits) {
  const { now } = await fetch('/health', { cache: 'no-store' }).then((response) => response.json());
  const end = new Date(now);
  const begin = credits.renews_at ? new Date(credits.renews_at) : new Date(end);
  begin.setUTCMonth(begin.getUTCMonth() - 1);
  const byDay = new Map();
  for (let at = Date.parse(begin.toISOString().slice(0, 10)); at <= end.getTime(); at += 86400000) byDay.set(new Date(at).toISOString().slice(0, 10), 0);
  let cursor = '';
  for (let read = 0; read < MOST_FOR_CHART;) {
    const page = await get(`credits/history?limit=200&workspaceId=${workspace}${cursor}`);
    for (const one of page.transactions) {
      const date = one.created_at.slice(0, 10);
      if ((one.type === 'deduction' || one.type === 'refund') && byDay.has(date) && new Date(one.created_at) >= begin) byDay.set(date, byDay.get(date) - one.amount);
    }
    read += page.transactions.length;
    if (!page.next_cursor || new Date(page.transactions.at(-1).created_at) < begin) break;
    cursor = `&cursor=${page.next_cursor}`;
  }
  return [...byDay];
}

function draw(target, days) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const axis = { stroke: colour('--muted'), grid: { stroke: colour('--line'), width: 1 }, ticks: { stroke: colour('--line') } };
  new uPlot({
    width: target.clientWidth || 600,
    height: 220,
    legend: { show: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
    cursor: { drag: { x: false, y: false } },
    scales: { x: { range: (_, low, high) => [low - 43200, high + 43200] }, y: { range: (_, low, high) => [Math.min(0, low), Math.max(high, 1)] } },
    axes: [axis, { ...axis, size: 60 }],
    series: [{}, { label: 'Credits', stroke: colour('--accent'), fill: colour('--accent'), paths: uPlot.paths.bars({ size: [0.7, 40] }), points: { show: false } }],
  }, [days.map(([date]) => Date.parse(date) / 1000), days.map(([, amount]) => amount)], target);
}
