// The page's address: filters, the failure that is shown and the language, so that a link shows the same.

import { isLanguage, preferred } from './words.js';

export const FILTERS = ['cause', 'bucket', 'key_id', 'since'];

/** What an address says. */
export function read(search = location.search) {
  const parameters = new URLSearchParams(search);
  const filters = {};
  for (const name of FILTERS) {
    const value = parameters.get(name)?.trim();
    if (value) filters[name] = value;
  }
  const lang = parameters.get('lang');
  return { filters, failure: parameters.get('failure'), lang: isLanguage(lang) ? lang : preferred() };
}

/** The address that says it. */
export function link({ filters, failure, lang }) {
  const parameters = new URLSearchParams();
  for (const name of FILTERS) if (filters[name]) parameters.set(name, filters[name]);
  if (failure) parameters.set('failure', failure);
  parameters.set('lang', lang);
  return `${location.pathname}?${parameters}`;
}

/** Shows this address; `add` makes the one before reachable by the Back button. */
export function show(state, add) {
  const address = link(state);
  if (address === location.pathname + location.search) return;
  history[add ? 'pushState' : 'replaceState'](null, '', address);
}
