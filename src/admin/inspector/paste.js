// The paste box: a file chosen, dropped anywhere or pasted is sent to POST /explain.

import { explain } from './api.js';
import { h } from './dom.js';
import { t } from './words.js';

const LARGEST = 20 * 1024 * 1024;

const drop = document.getElementById('drop');
let found = () => {};
let open = null;

/** Reads it and hands on what was found; `tell` gets the sentences about it, and whether one is a complaint. */
async function read(body, name, tell) {
  if (body.size > LARGEST) return tell(t('problem.413'));
  tell(t('explaining'), false);
  try {
    const answer = await explain(body);
    open?.close();
    found(answer, name);
  } catch (problem) {
    tell([problem.message, problem.detail].filter(Boolean).join('\n'));
  }
}

/** Opens the box. */
export function openPaste(sentence = '') {
  if (open) return;
  const said = h('p', { class: 'problem', role: 'alert' }, sentence);
  const tell = (words, wrong = true) => {
    said.className = wrong ? 'problem' : 'progress';
    said.textContent = words;
  };
  const area = h('textarea', { name: 'text', rows: 9, spellcheck: 'false', autocomplete: 'off' });
  const file = h('input', { type: 'file', id: 'paste-file', class: 'unseen-input', onchange: () => {
    if (file.files[0]) read(file.files[0], file.files[0].name, tell);
  } });
  const form = h('form', { method: 'dialog' },
    h('h2', { id: 'paste-title' }, t('explainTitle')),
    h('p', {}, t('explainMeans')),
    h('label', {}, h('span', {}, t('explainPaste')), area),
    h('p', { class: 'files' }, file, h('label', { for: 'paste-file', class: 'button' }, t('explainChoose')), ` ${t('explainDrop')}`),
    said,
    h('p', { class: 'actions' },
      h('button', { type: 'button', class: 'quiet', onclick: () => open.close() }, t('cancel')),
      h('button', { type: 'submit', class: 'first' }, t('explainGo'))));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (area.value.trim()) read(new Blob([area.value]), t('pasted'), tell);
    else area.focus();
  });
  open = h('dialog', { class: 'paste', 'aria-labelledby': 'paste-title' }, form);
  open.addEventListener('close', () => {
    open.remove();
    open = null;
  });
  open.tell = tell;
  document.body.append(open);
  open.showModal();
  area.focus();
}

function carriesFiles(event) {
  return event.dataTransfer?.types.includes('Files');
}

/** `onFound` gets the answer and the name of what was read. */
export function startPaste(onFound) {
  found = onFound;
  document.addEventListener('dragover', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    drop.hidden = false;
  });
  document.addEventListener('dragleave', (event) => {
    // Only where it leaves the window.
    if (event.relatedTarget === null) drop.hidden = true;
  });
  document.addEventListener('drop', (event) => {
    drop.hidden = true;
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    openPaste();
    read(file, file.name, open.tell);
  });
  document.addEventListener('paste', (event) => {
    if (event.target.closest('input, textarea')) return;
    const file = event.clipboardData.files[0];
    const text = event.clipboardData.getData('text');
    if (!file && !text) return;
    openPaste();
    read(file ?? new Blob([text]), file?.name ?? t('pasted'), open.tell);
  });
}
