// What is served, before any script runs.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { serve } from './coswhy.js';

const FOLDER = new URL('../../src/admin/inspector/', import.meta.url);
const BROWSER = { headers: { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } };

let coswhy;
before(async () => { coswhy = await serve(); });
after(() => coswhy.stop());

test('every file of the page is served, under a policy that allows nothing of strangers', async () => {
  const files = readdirSync(FOLDER).filter((name) => name !== 'index.html').map((name) => `/inspector/${name}`);
  for (const path of ['/', ...files]) {
    const response = await fetch(coswhy.url + path, BROWSER);
    assert.equal(response.status, 200, path);
    const policy = response.headers.get('content-security-policy');
    for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "base-uri 'none'",
      "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"]) {
      assert.ok(policy.split('; ').includes(part), `${path}: ${part}`);
    }
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
  }
});

test('what the browser has is not sent again', async () => {
  const first = await fetch(`${coswhy.url}/inspector/main.js`);
  const again = await fetch(`${coswhy.url}/inspector/main.js`, { headers: { 'If-None-Match': first.headers.get('etag') } });
  assert.equal(again.status, 304);
  assert.equal(await again.text(), '');
});

test('the page has no script or style of its own in it, and nothing from elsewhere', async () => {
  const page = await (await fetch(coswhy.url, BROWSER)).text();
  assert.doesNotMatch(page, /<style|style=|<script[^>]*>[^<]|\son\w+=|https?:\/\//);
});

test('tools get the list of what there is', async () => {
  const response = await fetch(coswhy.url, { headers: { Accept: '*/*' } });
  assert.match(response.headers.get('content-type'), /^text\/plain/);
  assert.match(await response.text(), /\/diagnoses/);
});
