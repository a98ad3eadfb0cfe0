// The filters: four fields, kept in the address.

import { FILTERS } from './address.js';
import { rules } from './api.js';
import { h } from './dom.js';

/** What is typed is tried when the typing pauses. */
const PAUSE = 400;

const form = document.getElementById('filters');
const problem = document.getElementById('filter-problem');
const causes = document.getElementById('causes');
const buckets = document.getElementById('buckets');

let timer = null;
let shown = '';

function values() {
  const filters = {};
  for (const name of FILTERS) {
    const value = form.elements[name].value.trim();
    if (value) filters[name] = value;
  }
  return filters;
}

async function suggestCauses() {
  const titles = new Map((await rules().catch(() => [])).map((rule) => [rule.cause, rule.title]));
  causes.replaceChildren(...[...titles].map(([cause, title]) => h('option', { value: cause }, title)));
}

/** `changed` gets the filters whenever they are others. */
export function startFilters(changed) {
  const tell = () => {
    clearTimeout(timer);
    const filters = values();
    if (JSON.stringify(filters) !== shown) changed(filters);
  };
  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(tell, PAUSE);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    tell();
  });
  // The fields are empty after the event.
  form.addEventListener('reset', () => setTimeout(tell));
  form.elements.cause.addEventListener('focus', suggestCauses, { once: true });
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest('input, textarea, select, dialog')) return;
    event.preventDefault();
    form.elements.cause.select();
    form.elements.cause.focus();
  });
}

export function showFilters(filters) {
  shown = JSON.stringify(filters);
  for (const name of FILTERS) {
    const field = form.elements[name];
    // What is being typed is left alone.
    if (field !== document.activeElement) field.value = filters[name] ?? '';
  }
  form.classList.toggle('set', Object.keys(filters).length > 0);
}

/** Says what is wrong with them; nothing where all is well. */
export function showFilterProblem(sentence) {
  problem.textContent = sentence;
}

export function suggestBuckets(groups) {
  const names = new Set();
  for (const { bucket } of groups) {
    if (bucket) names.add(bucket);
    if (names.size >= 100) break;
  }
  buckets.replaceChildren(...[...names].sort().map((name) => h('option', { value: name })));
}
