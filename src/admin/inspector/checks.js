// The checklist with its outcomes, and the evidence.

import { h, svg, visible } from './dom.js';
import { section } from './section.js';
import { text, value } from './text.js';
import { count, t } from './words.js';

const OUTCOMES = ['fail', 'unknown', 'pass'];
const DRAWN = {
  pass: 'M4 8.5l2.5 2.5L12 5.5',
  fail: 'M5 5l6 6M11 5l-6 6',
  unknown: 'M6 6.2a2 2 0 1 1 2.6 2c-.5.2-.6.5-.6 1M8 11.4v.1',
};

function icon(outcome) {
  return svg('svg', { class: `outcome ${outcome}`, viewBox: '0 0 16 16', 'aria-hidden': 'true' },
    svg('circle', { cx: 8, cy: 8, r: 7.5 }), svg('path', { d: DRAWN[outcome] }));
}

/** Only addresses of documents are links: nothing else belongs into a rule's `link`. */
function documentation(link, step) {
  if (!link || !/^https?:\/\//.test(link)) return null;
  return h('a', { href: link, rel: 'noreferrer', target: '_blank', 'aria-label': t('documentationOf', { step: visible(step) }) },
    t('documentation'));
}

export function checklist(steps) {
  if (steps.length === 0) return null;
  const totals = OUTCOMES.map((outcome) => [outcome, steps.filter((step) => step.outcome === outcome).length]);
  return section(t('checklist'),
    h('p', { class: 'totals' }, totals.filter(([, n]) => n > 0).map(([outcome, n]) =>
      h('span', {}, icon(outcome), count(`outcome.${outcome}.n`, n)))),
    h('ul', { class: 'checklist', role: 'list' }, steps.map((step) => h('li', { class: step.outcome },
      icon(step.outcome),
      h('div', {},
        h('p', { class: 'step' }, h('span', { class: 'unseen' }, `${t(`outcome.${step.outcome}`)}: `), text(step.step)),
        h('p', { class: 'why' }, text(step.why), ' ', documentation(step.link, step.step)))))));
}

function shown(fact) {
  if (fact === null) return h('span', { class: 'none' }, t('none'));
  if (Array.isArray(fact)) return fact.length ? fact.map((item, at) => [at ? ', ' : '', value(item)]) : '[]';
  return value(fact);
}

export function evidence(list) {
  if (list.length === 0) return null;
  return section(t('evidence'), h('ul', { class: 'evidence', role: 'list' }, list.map((item) => h('li', {},
    h('p', {}, text(item.says)),
    h('p', { class: 'fact' }, h('code', {}, item.fact), ' = ', shown(item.value),
      h('span', { class: 'source' }, t(`source.${item.source}`)))))));
}
