// The little Markdown that descriptions use: paragraphs, lists, **bold**, `code` and links. Elements only, never markup as text.
import { el } from './dom.js';

const INLINE = /\*\*(.+?)\*\*|`(.+?)`|\[(.+?)\]\((.+?)\)/g;

export function prose(text) {
  return (text ?? '').split(/\n{2,}/).filter(Boolean).map((block) => (block.startsWith('- ')
    ? el('ul', {}, block.split(/^- /m).filter(Boolean).map((item) => el('li', {}, inline(item.trim()))))
    : el('p', {}, inline(block))));
}

export function inline(text) {
  const parts = [];
  let at = 0;
  for (const match of (text ?? '').matchAll(INLINE)) {
    const [whole, bold, code, label, address] = match;
    parts.push(text.slice(at, match.index), bold ? el('strong', {}, bold) : code ? el('code', {}, code) : el('a', { href: address }, label));
    at = match.index + whole.length;
  }
  return [...parts, (text ?? '').slice(at)].filter((part) => part !== '');
}
