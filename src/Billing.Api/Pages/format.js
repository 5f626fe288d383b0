// How values read: English, UTC, exact credits.
const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 3 });

export const number = (value) => numbers.format(value);
export const signed = (value) => `${value > 0 ? '+' : ''}${number(value)}`.replace('-', '−');
export const count = (value, noun, nouns = `${noun}s`) => `${number(value)} ${value === 1 ? noun : nouns}`;
export const day = (text) => (text ? new Date(text).toLocaleDateString('en', { year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' }) : '–');
export const moment = (text) => (text ? `${day(text)}, ${new Date(text).toISOString().slice(11, 16)} UTC` : '–');
export const month = (text) => new Date(`${text}-01`).toLocaleDateString('en', { year: 'numeric', month: 'long', timeZone: 'UTC' });

/** Minor units have as many digits as the currency says: two for USD, none for JPY. */
export function money(value) {
  if (!value) return '–';
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: value.currency });
  return format.format(value.amount_minor / 10 ** format.resolvedOptions().maximumFractionDigits);
}

/** A price as one says it: $29, $0.50. */
export function price({ amount_minor: amount, currency }) {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}

const ABBREVIATIONS = /\b(api|mcp|sla|sso|url)\b/gi;

/** A name of the wire as people read it: variant_count → Variant count. */
export function words(name) {
  const text = name.replaceAll(/[_-]/g, ' ').replace(ABBREVIATIONS, (word) => word.toUpperCase());
  return text.charAt(0).toUpperCase() + text.slice(1);
}
