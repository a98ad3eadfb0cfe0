// What is there to be copied: a block of code with a button.

import { h } from './dom.js';
import { text } from './text.js';
import { t } from './words.js';

const SAID_FOR = 2000;

function fallback(text) {
  // Without https, and not on localhost, pages get no clipboard: a selection is copied instead.
  const area = h('textarea', { class: 'unseen', 'aria-hidden': 'true', tabindex: '-1' });
  const focused = document.activeElement;
  area.value = text;
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  focused?.focus();
  if (!copied) throw new Error('not copied');
}

async function copy(text) {
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else fallback(text);
}

/** A button that copies all of it and says so. */
export function copyButton(whole, label) {
  const said = h('span', { role: 'status', class: 'unseen' });
  const button = h('button', { type: 'button', class: 'copy', 'aria-label': label }, t('copy'));
  button.addEventListener('click', async () => {
    const words = await copy(whole).then(() => t('copied'), () => t('notCopied'));
    button.textContent = said.textContent = words;
    setTimeout(() => {
      button.textContent = t('copy');
      said.textContent = '';
    }, SAID_FOR);
  });
  return [button, said];
}

/** Code with its button; what is copied is the whole as it is, what is shown has nothing invisible in it. */
export function code(whole, label) {
  return h('div', { class: 'code' }, h('pre', { dir: 'ltr' }, h('code', {}, text(whole))), copyButton(whole, label));
}
