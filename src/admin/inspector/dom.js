// Building elements: text is always text, so nothing that a stranger sent becomes markup.

const SVG = 'http://www.w3.org/2000/svg';

// Characters that are invisible, or that turn the text around them: they are shown by their number instead.
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** A stranger's text as it can be shown. */
export function visible(text) {
  return String(text).replaceAll('\r\n', '\n').replace(UNSEEN, (character) =>
    `\\u{${character.codePointAt(0).toString(16).padStart(4, '0')}}`);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ''));
  return element;
}

/** An element: `h('a', {href: '/'}, 'text', otherElement)`; attributes that begin with `on` are listeners. */
export function h(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same within a drawing. */
export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

/** Sets a text where it is another: an untouched node costs the page no layout. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
