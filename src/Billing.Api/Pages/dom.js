// Builds elements from data; text is always text, never markup.
import { ABANDONED } from './api.js';

export const $ = (id) => document.getElementById(id);

const present = (children) => children.flat().filter((child) => child !== null && child !== undefined);

export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...present(children));
  return element;
}

export function fill(target, ...children) {
  (typeof target === 'string' ? $(target) : target).replaceChildren(...present(children));
}

/** A table that a narrow screen shows as a list of cards. The roles are said because that takes them from the elements. */
export function table(caption, columns, rows, { empty, kind = '' }) {
  if (rows.length === 0) return el('p', { class: 'empty' }, empty);
  return el('table', { role: 'table', class: kind },
    el('caption', { class: 'visually-hidden' }, caption),
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, columns.map((column) =>
      el('th', { scope: 'col', role: 'columnheader', class: column.class }, column.title || el('span', { class: 'visually-hidden' }, 'Actions'))))),
    el('tbody', { role: 'rowgroup' }, rows.map((row) => el('tr', { role: 'row' }, columns.map((column) =>
      el('td', { role: 'cell', class: column.class, 'data-title': column.title }, column.cell(row)))))));
}

export const badge = (text, kind = '') => el('span', { class: `badge ${kind}` }, text);

/** A place where the outcome of an action is said. It takes the focus then: the button that was pressed may be gone. */
export const outcome = () => el('div', { class: 'outcome', tabindex: '-1', role: 'status' });

/** Does what was asked for and says in <c>place</c> what came of it. */
export async function act(place, action) {
  try {
    const done = await action();
    fill(place, done ? notice('good', done) : null);
  } catch (error) {
    if (error.code === ABANDONED) return;
    fill(place, notice('bad', error.message));
  }
  place.focus({ preventScroll: true });
}

export const notice = (kind, ...content) => el('div', { class: `notice ${kind}` }, ...content);

export function say(kind, ...content) {
  fill('notice', content.length === 0 ? null : notice(kind, content));
}

export const button = (text, onclick, kind = 'small') => el('button', { type: 'button', class: kind, onclick }, text);

/** A form that is sent to <c>action</c>, not to a server. */
export function form(kind, action, ...children) {
  return el('form', { class: kind, onsubmit: (event) => { event.preventDefault(); action(); } }, ...children);
}

export const field = (label, control, kind) => el('label', { class: kind }, el('span', {}, label), control);

/** A secret that is shown once, with a button that copies it. */
export function secret(text) {
  const copy = button('Copy', async () => {
    await navigator.clipboard.writeText(text);
    copy.textContent = 'Copied';
  });
  return el('span', { class: 'secret' }, el('code', {}, text), navigator.clipboard ? copy : null);
}
