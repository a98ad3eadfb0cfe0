// Text that strangers wrote, as the page shows it: visible, isolated, and where it is long without its middle until that is asked for.

import { h, visible } from './dom.js';
import { number, t } from './words.js';

/** A longer run without a blank is a key, a URL or a signed string; Chinese sentences have their punctuation. */
const RUN = /[^\s，。；：、（）“”！？]{281,}/gu;
const RUN_ENDS = [96, 32];
/** A longer line is not read by anybody, whatever is in it. */
const LINE = 800;
const LINE_ENDS = [400, 200];

function cut(text, [first, last]) {
  const characters = [...text];
  const piece = (from, to) => characters.slice(from, to).join('');
  return [piece(0, first), { hidden: piece(first, -last), length: characters.length - first - last }, piece(-last)];
}

function piecesOfLine(line) {
  const pieces = [];
  let end = 0;
  for (const { 0: run, index } of line.matchAll(RUN)) {
    pieces.push(line.slice(end, index), ...cut(run, RUN_ENDS));
    end = index + run.length;
  }
  pieces.push(line.slice(end));
  const left = pieces.reduce((sum, piece) => sum + (piece.hidden ? 0 : piece.length), 0);
  return left > LINE ? cut(line, LINE_ENDS) : pieces;
}

/** What is shown of a text, and in between what is `hidden` of it. */
export function pieces(text) {
  return text.split('\n').flatMap((line, at) => [at > 0 ? '\n' : '', ...piecesOfLine(line)]).filter((piece) => piece !== '');
}

/** Stands for what is hidden, and gives way to it. */
function gap({ hidden, length }) {
  const button = h('button', { type: 'button', class: 'gap' }, t('hidden', { n: number(length) }));
  button.addEventListener('click', () => {
    const rest = h('span', { tabindex: '-1' }, hidden);
    button.replaceWith(rest);
    // The focus would go with the button.
    rest.focus({ preventScroll: true });
  });
  return button;
}

/** A stranger's text, to be put into an element. */
export function text(whole) {
  return pieces(visible(whole)).map((piece) => (piece.hidden ? gap(piece) : piece));
}

/** A stranger's value: isolated, so that its direction is its own affair. */
export function value(whole) {
  return h('bdi', { class: 'value', dir: 'ltr' }, text(whole));
}
