// What the client signed beside what COS computed, with the first character that differs marked.

import { h, visible } from './dom.js';
import { section } from './section.js';
import { text, value } from './text.js';
import { t } from './words.js';

/** `text` before, at and after the byte `at` of its UTF-8 form. */
export function split(text, at) {
  const bytes = new TextEncoder().encode(text);
  if (at >= bytes.length) return [text, '', ''];
  const decoder = new TextDecoder();
  // Back to the beginning of the character that the byte is in.
  let from = at;
  while (from > 0 && (bytes[from] & 0xc0) === 0x80) from -= 1;
  const before = decoder.decode(bytes.subarray(0, from));
  const [character] = text.slice(before.length);
  return [before, character, text.slice(before.length + character.length)];
}

/** One side; where it ends before the difference, its end is marked. */
function side(signed, row) {
  if (signed === null) return h('span', { class: 'none' }, t('notThere'));
  if (row.same || row.differs_at === undefined) return value(signed);
  const [before, character, after] = split(signed, row.differs_at);
  const mark = h('mark', { title: t('firstDifference') }, character ? visible(character).replace(' ', '␣').replace('\n', '⏎') : t('end'));
  return h('bdi', { class: 'value', dir: 'ltr' }, text(before), mark, text(after));
}

export function difference(rows) {
  if (!rows || rows.length === 0) return null;
  const table = h('table', { class: 'difference' },
    h('thead', {}, h('tr', {}, ['part', 'clientSigned', 'cosComputed'].map((name) => h('th', { scope: 'col' }, t(name))))),
    h('tbody', {}, rows.map((row) => h('tr', { class: row.same ? 'same' : 'other' },
      h('th', { scope: 'row' }, t(`part.${row.part}`), row.name ? [' ', h('code', {}, text(row.name))] : null),
      h('td', { 'data-side': t('clientSigned') }, side(row.client, row)),
      h('td', { 'data-side': t('cosComputed') }, side(row.cos, row))))));
  return section(t('difference'), table);
}
