import { get } from './api.js';
import { el, fill } from './dom.js';
import { day, number } from './format.js';

const DAYS = 30;
const DAY = 86_400_000;
const MOST_ENTRIES = 4_000;
const HEIGHT = 220;

/** Spending per day of this period, refunds taken off, and how long the credits last at this rate. */
export async function showSpend(workspace, credits) {
  const { now } = await fetch('/health', { cache: 'no-store' }).then((response) => response.json());
  const begin = periodBegin(credits.renews_at, now);
  fill('spend-title', credits.renews_at ? 'Spent per day, this period' : `Spent per day, last ${DAYS} days`);
  const { byDay, since } = await spendPerDay(workspace, begin, now);
  const days = [...byDay];
  const spent = days.reduce((sum, [, amount]) => sum + amount, 0);
  if (spent <= 0) {
    fill('spend', el('p', { class: 'empty' }, 'Nothing was spent in these days.'));
    return;
  }

  const rate = spent / days.filter(([date]) => date >= since).length;
  const summary = days.filter(([, amount]) => amount !== 0).map(([date, amount]) => `${day(date)}: ${number(amount)}`).join('; ');
  const chart = el('div', { class: 'chart', role: 'img', 'aria-label': `Credits spent per day. ${summary}.` });
  fill('spend', el('p', { id: 'projection' }, `${number(Math.round(rate * 10) / 10)} a day on average. `, el('strong', {}, outlook(credits, rate, days.at(-1)[0]))), chart);
  keepDrawn(chart, credits.renews_at ? upTo(credits.renews_at, days) : days);
}

/** Days and those still to come before an instant, which have nothing yet. */
function upTo(instant, days) {
  const all = [...days];
  for (let at = Date.parse(days.at(-1)[0]) + DAY; at < Date.parse(instant); at += DAY) all.push([dateOf(at), null]);
  return all;
}

/** The day a month before the renewal, a short month's last day at the latest; thirty days ago where nothing renews. */
function periodBegin(renewsAt, now) {
  if (!renewsAt) return dateOf(Date.parse(now) - (DAYS - 1) * DAY);
  const renewal = new Date(renewsAt);
  const lastOfMonth = Date.UTC(renewal.getUTCFullYear(), renewal.getUTCMonth(), 0);
  return dateOf(Math.min(lastOfMonth, Date.UTC(renewal.getUTCFullYear(), renewal.getUTCMonth() - 1, renewal.getUTCDate())));
}

function outlook(credits, rate, today) {
  if (credits.credits === 0) return 'Nothing is left.';
  const last = new Date(Date.parse(today) + Math.floor(credits.credits / rate) * DAY);
  return credits.renews_at && last >= new Date(credits.renews_at) ? `Lasts until the renewal on ${day(credits.renews_at)}.` : `Lasts until about ${day(last.toISOString())}.`;
}

/** Date → credits, and the date of the oldest entry among them: before it there was nothing to spend. */
async function spendPerDay(workspace, begin, now) {
  const byDay = new Map();
  for (let at = Date.parse(begin); at <= Date.parse(now); at += DAY) byDay.set(dateOf(at), 0);
  let since = dateOf(now);
  for (let cursor = '', read = 0; cursor !== null && since >= begin && read < MOST_ENTRIES;) {
    const page = await get(`credits/history?limit=200&workspaceId=${workspace}${cursor}`);
    for (const one of page.transactions) {
      since = one.created_at.slice(0, 10);
      if ((one.type === 'deduction' || one.type === 'refund') && byDay.has(since)) byDay.set(since, byDay.get(since) - one.amount);
    }
    read += page.transactions.length;
    cursor = page.next_cursor ? `&cursor=${page.next_cursor}` : null;
  }
  return { byDay, since };
}

const dateOf = (time) => new Date(time).toISOString().slice(0, 10);

/** Draws anew when the room changes and when the colours do. */
function keepDrawn(chart, days) {
  const draw = () => chart.replaceChildren(plot(chart.clientWidth, days).root);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', function redraw() {
    if (chart.isConnected) draw();
    else scheme.removeEventListener('change', redraw);
  });
  new ResizeObserver(draw).observe(chart);
}

function plot(width, days) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const axis = { stroke: colour('--muted'), font: `12px ${getComputedStyle(document.body).fontFamily}`, ticks: { show: false } };
  const grid = { stroke: colour('--line'), width: 1 };
  const date = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', timeZone: 'UTC' });
  return new uPlot({
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false, range: (_, low, high) => [low - DAY / 2, high + DAY / 2] }, y: { range: (_, low, high) => [Math.min(0, low), Math.max(high, 1) * 1.05] } },
    axes: [
      { ...axis, grid: { show: false }, size: 32, space: 70, incrs: [1, 2, 3, 5, 7, 10, 15].map((some) => some * DAY), values: (_, times) => times.map((time) => date.format(time)) },
      { ...axis, grid, size: 48, incrs: [1, 2, 5].flatMap((step) => [1, 10, 100, 1000, 10000].map((size) => step * size)).sort((a, b) => a - b) },
    ],
    series: [{}, { fill: colour('--plan'), stroke: colour('--plan'), width: 0, paths: uPlot.paths.bars({ size: [0.7, 40], radius: 0.15 }), points: { show: false } }],
  }, [days.map(([date]) => Date.parse(date)), days.map(([, amount]) => amount)]);
}
