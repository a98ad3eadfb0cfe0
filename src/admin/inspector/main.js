// The inspector: puts its parts together. What is shown is what the address says.

import * as address from './address.js';
import { Problem, whenUnauthorized } from './api.js';
import { empty, emptyFiltered, failed } from './empty.js';
import { showFilterProblem, showFilters, startFilters, suggestBuckets } from './filters.js';
import { hideFound, showFound } from './found.js';
import { Live } from './live.js';
import { openPaste, startPaste } from './paste.js';
import { Reader } from './reader.js';
import { showConnection, translateConnection } from './status.js';
import { askForToken } from './token.js';
import { speak, t, translate } from './words.js';

const NARROW = matchMedia('(max-width: 54rem)');
/** Keys that are held down move through the list faster than failures can be fetched. */
const SETTLE = 80;

let state = address.read();
/** The list gives way to what was found in a file. */
let showsFound = false;
let settling = null;

const linkTo = (failure) => address.link({ ...state, failure });

const reader = new Reader({
  link: linkTo,
  open: (id) => open(id, true),
  filters: () => state.filters,
  opened: (fingerprint) => live.select(fingerprint),
});

const live = new Live({
  link: (group) => linkTo(group.newest),
  open: (group) => {
    clearTimeout(settling);
    live.select(group.fingerprint);
    settling = setTimeout(() => {
      open(group.newest, true);
      if (NARROW.matches) reader.element.scrollIntoView();
    }, SETTLE);
  },
  loaded: (groups) => {
    showFilterProblem('');
    suggestBuckets(groups.order);
    fillReader();
  },
  problem: (problem) => {
    // Of the filters only this one can be malformed.
    const wrong = problem.status === 400 && state.filters.since ? new Problem(400, t('sinceWrong')) : problem;
    if (wrong !== problem) showFilterProblem(wrong.message);
    if (!live.ready && !state.failure && !showsFound) {
      reader.showInstead(`failed ${wrong.message}`, () => failed(wrong));
    }
  },
  changed: () => {
    fillReader();
    const newest = live.group(reader.fingerprint)?.newest;
    if (newest && newest > reader.id) reader.offer(newest);
  },
});

/** The newest failure where none is shown, and words where there is none. */
function fillReader() {
  if (showsFound || state.failure || !live.ready) return;
  const [newest] = live.all;
  if (newest) open(newest.newest, false);
  else if (Object.keys(state.filters).length > 0) reader.showInstead(`filtered ${state.lang}`, emptyFiltered);
  else reader.showInstead(`empty ${state.lang}`, () => empty(() => openPaste()));
}

function open(id, add) {
  state = { ...state, failure: id };
  address.show(state, add);
  showLanguages();
  reader.open(id);
}

function showLanguages() {
  for (const link of document.querySelectorAll('[data-lang]')) {
    link.href = address.link({ ...state, lang: link.dataset.lang });
    link.setAttribute('aria-current', String(link.dataset.lang === state.lang));
  }
  document.getElementById('home').href = address.link({ filters: {}, lang: state.lang });
}

/** Shows what the address says, all of it. */
function start() {
  speak(state.lang);
  translate(document);
  translateConnection();
  showLanguages();
  showFilters(state.filters);
  if (showsFound) leaveFound();
  if (state.failure) reader.open(state.failure);
  return live.follow(state.filters);
}

function leaveFound() {
  showsFound = false;
  hideFound();
}

startFilters((filters) => {
  state = { ...state, filters, failure: null };
  address.show(state, true);
  showLanguages();
  showFilters(filters);
  live.follow(filters);
});

startPaste((answer, name) => {
  showsFound = true;
  showFound(answer, name, {
    open: (explanation) => reader.showExplanation(explanation),
    back: () => {
      leaveFound();
      if (state.failure) reader.open(state.failure);
      else fillReader();
      live.select(live.all.find((group) => group.newest === state.failure)?.fingerprint ?? null);
    },
  });
});

document.getElementById('explain').addEventListener('click', () => openPaste());
for (const link of document.querySelectorAll('[data-lang]')) {
  link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    state = { ...state, lang: link.dataset.lang };
    address.show(state, true);
    start();
  });
}
addEventListener('popstate', () => {
  const before = state;
  state = address.read();
  // Where only the failure is another, the list stays as it is.
  const same = !showsFound && state.failure && address.link({ ...before, failure: state.failure }) === address.link(state);
  if (!same) start();
  else {
    showLanguages();
    reader.open(state.failure);
  }
});

whenUnauthorized(askForToken);
showConnection('connecting');
start();
