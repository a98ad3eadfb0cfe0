// The page's own words, in the language that is shown; what the words are stands in words.en.js and words.zh.js.

import en from './words.en.js';
import zh from './words.zh.js';

const LANGUAGES = { en, zh };
let current = 'en';

/** What the browser's user reads, where a link does not say. */
export function preferred() {
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export function isLanguage(language) {
  return Object.hasOwn(LANGUAGES, language);
}

export function language() {
  return current;
}

/** Speaks this language from now on. */
export function speak(language) {
  current = language;
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en';
}

export function has(name) {
  return Object.hasOwn(en, name);
}

/** The words by this name, with `{placeholders}` filled. */
export function t(name, values = {}) {
  const words = LANGUAGES[current][name] ?? en[name] ?? name;
  return words.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

const numbers = {};

/** A number as the language writes it. Making a format takes far longer than using it, so they are kept. */
export function number(value, digits = 0) {
  numbers[`${current} ${digits}`] ??= new Intl.NumberFormat(current, { maximumFractionDigits: digits });
  return numbers[`${current} ${digits}`].format(value);
}

/** The words for a number: `NAME.one` where the language has one for it. */
export function count(name, amount, values = {}) {
  const one = `${name}.one`;
  const key = amount === 1 && LANGUAGES[current][one] ? one : name;
  return t(key, { n: number(amount), ...values });
}

/** Fills the words into the markup that is there from the start. */
export function translate(root) {
  for (const element of root.querySelectorAll('[data-t]')) element.textContent = t(element.dataset.t);
  for (const element of root.querySelectorAll('[data-t-label]')) {
    element.setAttribute('aria-label', t(element.dataset.tLabel));
  }
  for (const element of root.querySelectorAll('[data-t-placeholder]')) {
    element.placeholder = t(element.dataset.tPlaceholder);
  }
}
