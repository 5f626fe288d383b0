import { el } from './dom.js';

const isWeb = (address) => /^https?:\/\//i.test(address);

/** A link to the seller's support or sales, by mail or on the web; null where the catalog names none. */
export function contactLink(contact, kind, text) {
  const address = contact?.[kind];
  return address ? el('a', { class: 'button', href: isWeb(address) ? address : `mailto:${address}` }, text) : null;
}

export const contactLinks = (contact) => [contactLink(contact, 'support', 'Support'), contactLink(contact, 'sales', 'Sales')].filter(Boolean);
