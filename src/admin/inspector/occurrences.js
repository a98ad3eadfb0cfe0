// When the same failure came, newest first, a page at a time.

import { occurrences as load } from './api.js';
import { h } from './dom.js';
import { section } from './section.js';
import { value } from './text.js';
import { ago, clock } from './time.js';
import { t } from './words.js';

function row(item, shown, link, open) {
  const anchor = h('a', { href: link(item.id), 'aria-current': item.id === shown ? 'true' : null },
    h('time', { datetime: item.timestamp }, clock(item.timestamp)));
  anchor.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(item.id);
  });
  return h('li', {}, anchor, h('span', { class: 'ago' }, ago(item.timestamp)), item.key ? value(item.key) : null);
}

/** `on` has: link(id), open(id). */
export function occurrences(fingerprint, shown, filters, on) {
  if (!fingerprint) return null;
  const list = h('ol', { class: 'occurrences' });
  const more = h('button', { type: 'button', class: 'quiet' }, t('more'));
  let next = null;
  const page = async () => {
    more.disabled = true;
    try {
      const answer = await load(filters, fingerprint, next);
      list.append(...answer.diagnoses.map((item) => row(item, shown, on.link, on.open)));
      next = answer.next;
    } catch (error) {
      list.append(h('li', { class: 'problem' }, [error.message, error.detail].filter(Boolean).join(' ')));
    }
    more.disabled = false;
    more.hidden = next === null;
  };
  more.addEventListener('click', page);
  page();
  return section(t('occurrences'), list, more);
}
