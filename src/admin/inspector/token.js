// Asks for admin.token.

import { h } from './dom.js';
import { t } from './words.js';

/** A dialog that resolves to a token; it stays until there is one. */
export function askForToken(wasWrong) {
  return new Promise((resolve) => {
    const input = h('input', { type: 'password', name: 'token', autocomplete: 'current-password', required: true,
      // What a header field can hold.
      pattern: '[ -~]+' });
    const form = h('form', { method: 'dialog' },
      h('h2', { id: 'token-title' }, t('tokenTitle')),
      h('p', {}, t('tokenMeans')),
      // Password managers keep a password with a name.
      h('input', { type: 'text', name: 'username', autocomplete: 'username', value: 'coswhy', hidden: true }),
      h('label', {}, h('span', {}, t('token')), input),
      h('p', { class: 'problem', role: 'alert' }, wasWrong ? t('tokenWrong') : ''),
      h('p', { class: 'actions' }, h('button', { type: 'submit', class: 'first' }, t('tokenSend'))));
    const dialog = h('dialog', { 'aria-labelledby': 'token-title' }, form);
    dialog.addEventListener('cancel', (event) => event.preventDefault());
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      dialog.remove();
      resolve(input.value.trim());
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
