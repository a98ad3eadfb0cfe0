// What to do about a failure.

import { code } from './copy.js';
import { h } from './dom.js';
import { section } from './section.js';
import { text } from './text.js';
import { t } from './words.js';

export function fixes(list) {
  if (list.length === 0) return null;
  return section(t('fixes'), h('ol', { class: 'fixes' }, list.map((fix) => h('li', {},
    h('p', {}, text(fix.says)),
    fix.command ? code(fix.command, t('copyCommand')) : null,
    fix.document ? code(fix.document, t('copyDocument')) : null))));
}
