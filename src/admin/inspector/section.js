// A part of the page under a heading.

import { h } from './dom.js';

let number = 0;

/** A region named by its heading; nothing where there is nothing in it. */
export function section(title, ...children) {
  const content = children.flat(Infinity).filter(Boolean);
  if (content.length === 0) return null;
  const id = `section-${(number += 1)}`;
  return h('section', { 'aria-labelledby': id }, h('h3', { id }, title), content);
}

/** A list of names and values; those without a value are left out. */
export function names(pairs) {
  const known = pairs.filter(([, value]) => value !== null && value !== undefined && value !== '');
  if (known.length === 0) return null;
  return h('dl', {}, known.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}
