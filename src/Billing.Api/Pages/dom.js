// Builds elements from data; text is always text, never markup.
export const $ = (id) => document.getElementById(id);

export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export function fill(target, ...children) {
  (typeof target === 'string' ? $(target) : target).replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
}

export function table(caption, columns, rows, empty) {
  if (rows.length === 0) return el('p', { class: 'empty' }, empty);
  return el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `${caption}, table` },
    el('table', {},
      el('caption', { class: 'visually-hidden' }, caption),
      el('thead', {}, el('tr', {}, columns.map((column) => el('th', { scope: 'col', class: column.class }, column.title || el('span', { class: 'visually-hidden' }, 'Actions'))))),
      el('tbody', {}, rows.map((row) => el('tr', {}, columns.map((column) => el('td', { class: column.class }, column.cell(row))))))));
}

export const number = (value) => new Intl.NumberFormat('en', { maximumFractionDigits: 3 }).format(value);
export const day = (text) => (text ? new Date(text).toLocaleDateString('en', { year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' }) : '–');
export const moment = (text) => (text ? `${day(text)}, ${new Date(text).toISOString().slice(11, 16)} UTC` : '–');
export const money = (value) => (value ? new Intl.NumberFormat('en', { style: 'currency', currency: value.currency }).format(value.amount_minor / 100) : '–');

export function say(kind, ...content) {
  fill('notice', content.length === 0 ? null : el('div', { class: `notice ${kind}` }, content));
}
