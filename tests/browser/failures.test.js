// The page with a failure of each cause: what it shows of one, and how one gets around in it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { accessible, close, loaded, open } from './browser.js';
import { demo } from './coswhy.js';

let coswhy;
let all;
before(async () => {
  coswhy = await demo();
  all = (await (await fetch(`${coswhy.url}/diagnoses`)).json()).diagnoses;
});
after(() => Promise.all([close(), coswhy.stop()]));

const of = (cause) => all.find((diagnosis) => diagnosis.cause === cause);
const linkTo = (cause, more = '') => `${coswhy.url}/?failure=${of(cause).id}&lang=en${more}`;
const current = (page) => page.locator('#failures [aria-current=true]');

test('the newest failure is open on load, and the address says so', async (t) => {
  const page = await loaded(await open(t, coswhy.url));
  assert.equal(await page.locator('#failure article .facts code').textContent(), all[0].cause);
  assert.equal(new URL(page.url()).searchParams.get('failure'), all[0].id);
  assert.equal(await page.locator('#total').textContent(), `${new Set(all.map((one) => one.fingerprint)).size} failures`);
  assert.equal(await current(page).locator('.title').textContent(), await page.locator('#failure h2').textContent());
  assert.equal(await page.locator('#connection').getAttribute('data-state'), 'live');
  await accessible(page);
});

test('every cause is shown without a complaint, and the arrows lead from one to the next', async (t) => {
  for (const lang of ['en', 'zh']) {
    const page = await loaded(await open(t, `${coswhy.url}/?lang=${lang}`));
    const { groups } = await (await fetch(`${coswhy.url}/groups?lang=${lang}`)).json();
    await current(page).focus();
    for (const { newest, title, summary } of lang === 'en' ? groups : groups.slice(0, 5)) {
      await page.waitForURL((url) => url.searchParams.get('failure') === newest);
      await page.locator('#failure h2', { hasText: title }).waitFor();
      await page.waitForFunction((text) => document.querySelector('.summary').textContent === text, summary);
      const { diagnosis } = await (await fetch(`${coswhy.url}/diagnoses/${newest}?lang=${lang}`)).json();
      assert.equal(await page.locator('.checklist li').count(), diagnosis.checklist.length);
      assert.equal(await page.locator('.fixes > li').count(), diagnosis.fixes.length);
      assert.equal(await page.locator('.evidence li').count(), diagnosis.evidence.length);
      await page.keyboard.press('ArrowDown');
    }
  }
});

test('a signature is shown side by side, the first character that differs marked', async (t) => {
  const page = await loaded(await open(t, linkTo('signature-header-changed')));
  const cells = page.locator('.difference tr.other td');
  assert.equal(await cells.nth(1).textContent(), 'text/plain; charset=utf-8');
  assert.equal(await cells.nth(1).locator('mark').textContent(), ';');
  assert.equal(await cells.nth(0).locator('mark').count(), 1);
  await accessible(page);
});

test('commands and documents are copied as they are', async (t) => {
  const page = await loaded(await open(t, linkTo('permission-denied'), { permissions: ['clipboard-read', 'clipboard-write'] }));
  const { diagnosis } = await (await fetch(`${coswhy.url}/diagnoses/${of('permission-denied').id}`)).json();
  const { document } = diagnosis.fixes.find((fix) => fix.document);
  await page.getByRole('button', { name: 'Copy the document' }).first().click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), document);
  await page.locator('.copy', { hasText: 'Copied' }).waitFor();
});

test('the exchange and the way are there, and no secret is', async (t) => {
  const page = await loaded(await open(t, linkTo('temporary-key-policy')));
  const text = await page.locator('#failure').textContent();
  assert.match(text, /PUT \/upload\.txt HTTP\/1\.1/);
  assert.match(text, /AccessDenied/);
  assert.doesNotMatch(text, /demoSecurityToken|q-signature=[0-9a-f]{8}/);
  assert.match(await page.locator('.way').textContent(), /127\.0\.0\.1:\d+.*coswhy.*COS/s);
  assert.match(await page.locator('.way-bar').getAttribute('aria-label'), /in all: .* waiting for COS/);
});

test('a link with filters shows the same, and Back goes back', async (t) => {
  const page = await loaded(await open(t, `${coswhy.url}/?cause=signature-expired&bucket=examplebucket-1250000000&since=1h&lang=en`));
  assert.equal(await page.locator('#failures li').count(), 1);
  assert.equal(await page.locator('[name=cause]').inputValue(), 'signature-expired');
  assert.equal(await page.locator('[name=since]').inputValue(), '1h');
  assert.equal(await page.locator('#failure article .facts code').textContent(), 'signature-expired');
  await page.locator('[name=cause]').fill('clock-skew');
  await page.locator('#failure .facts code', { hasText: 'clock-skew' }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get('cause'), 'clock-skew');
  await page.goBack();
  await page.locator('#failure .facts code', { hasText: 'signature-expired' }).waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.locator('#failures li').nth(5).waitFor();
  assert.equal(new URL(page.url()).searchParams.get('bucket'), null);
});

test('a filter that fits nothing says so, and one that is not understood says what would be', async (t) => {
  const page = await open(t, `${coswhy.url}/?bucket=nobody-1250000000&lang=en`, { expected: /400/ });
  await page.getByRole('heading', { name: 'Nothing fits this filter' }).waitFor();
  await accessible(page);
  await page.locator('[name=since]').fill('yesterday');
  await page.locator('#filter-problem', { hasText: 'Since is a time back' }).waitFor();
  await accessible(page);
});

test('a failure that is no longer kept is said to be gone', async (t) => {
  const page = await open(t, `${coswhy.url}/?failure=01JDK0000000000000000000AB&lang=en`, { expected: /404/ });
  await page.getByRole('heading', { name: 'This failure is no longer kept' }).waitFor();
  await accessible(page);
});

test('the keyboard reaches everything: skip link, /, arrows', async (t) => {
  const page = await loaded(await open(t, `${coswhy.url}/?lang=en`));
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'failure');
  await page.locator('#failures a[tabindex="0"]').focus();
  const titles = await page.locator('#failures .title').allTextContents();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.locator('#failure h2', { hasText: titles[2] }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-current')), 'true');
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), 'none');
  await page.keyboard.press('End');
  assert.equal(await page.evaluate(() => document.activeElement.closest('li').ariaPosInSet),
    await page.evaluate(() => document.activeElement.closest('li').ariaSetSize));
  await page.keyboard.press('Home');
  assert.equal(await page.evaluate(() => document.activeElement.closest('li').ariaPosInSet), '1');
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.name), 'cause');
  await page.keyboard.type('/');
  assert.equal(await page.locator('[name=cause]').inputValue(), '/');
});

test('Chinese, by the link, the browser or the switch', async (t) => {
  const page = await loaded(await open(t, coswhy.url, { locale: 'zh-CN' }));
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-Hans');
  assert.match(await page.locator('#total').textContent(), /种故障/);
  await page.getByRole('heading', { name: '检查清单' }).waitFor();
  await accessible(page);
  await page.getByRole('link', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Checklist' }).waitFor();
  assert.match(page.url(), /lang=en/);
});

test('in Chinese, what was found is told in Chinese words', async (t) => {
  const page = await loaded(await open(t, `${coswhy.url}/?failure=${of('signature-header-changed').id}&lang=zh`));
  const found = page.locator('.evidence li', { hasText: 'signature.distortion' });
  assert.match(await found.innerText(), /用 SecretKey 试算得出：Content-Type 的 charset。\s+signature\.distortion = content-type-charset\s*由 coswhy 得出/);
});

test('in Chinese, what goes wrong is told in Chinese', async (t) => {
  const page = await loaded(await open(t, `${coswhy.url}/?lang=zh`, { expected: /400|415|422|503/ }));
  const said = (words) => page.locator('dialog .problem', { hasText: words }).waitFor();
  const explain = page.getByRole('button', { name: '解释', exact: true });
  await page.getByRole('button', { name: '解释文件…' }).click();
  await page.locator('textarea').fill('good morning');
  await explain.click();
  await said(/^输入内容：未在其中识别出 COS 的错误；[^a-z]*/);
  await page.route('**/explain*', (route) => route.fulfill({ status: 503, json: { detail: 'Others are being read.' } }));
  await explain.click();
  await said(/^coswhy 正在处理其他内容，请几秒后重试。$/);
  await page.route('**/explain*', (route) => route.fulfill({ status: 415, json: { detail: 'Without a Content-Encoding.' } }));
  await explain.click();
  await said(/^coswhy 拒绝了该操作（415）：\s*Without a Content-Encoding\.$/);
  await page.keyboard.press('Escape');
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([new Uint8Array(21 << 20)], 'large.har'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  });
  await said(/^内容超过 20 MB/);
  await accessible(page);
  await page.keyboard.press('Escape');
  await page.locator('[name=since]').fill('yesterday');
  await page.locator('#filter-problem', { hasText: /^起始时间可以是/ }).waitFor();
  await page.getByRole('heading', { name: '操作未成功' }).waitFor();
  await page.route('**/events*', (route) => route.fulfill({ status: 503, json: { detail: 'Too many readers of /events.' } }));
  await page.locator('[name=since]').fill('1h');
  await page.locator('#connection-words', { hasText: '同时查看的页面过多' }).waitFor();
  await loaded(page);
});

test('dark where the system is dark', async (t) => {
  const page = await loaded(await open(t, linkTo('signature-header-changed'), { colorScheme: 'dark' }));
  const [red] = (await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).match(/\d+/g).map(Number);
  assert.ok(red < 64);
  await accessible(page);
});

test('narrow screens have one column and nothing to scroll sideways', async (t) => {
  const page = await loaded(await open(t, linkTo('permission-denied'), { viewport: { width: 360, height: 640 } }));
  const [list, failure] = await Promise.all(['#side', '#failure'].map((id) => page.locator(id).boundingBox()));
  assert.ok(failure.y >= list.y + list.height);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await accessible(page);
});

test('nothing lies outside the view: the document has no end to scroll to', async (t) => {
  for (const width of [880, 1280]) {
    const page = await loaded(await open(t, linkTo('signature-header-changed'), { viewport: { width, height: 700 } }));
    assert.equal(await page.evaluate(() => document.documentElement.scrollHeight), 700, `${width} px`);
    await page.keyboard.press('End');
    assert.equal(await page.evaluate(() => scrollY), 0);
  }
});

test('a checklist’s outcome has one name, for the eye and for the ear', async (t) => {
  for (const lang of ['en', 'zh']) {
    const page = await loaded(await open(t, `${coswhy.url}/?failure=${of('signature-header-changed').id}&lang=${lang}`));
    const counted = (await page.locator('.totals').innerText()).toLowerCase();
    for (const read of await page.locator('.checklist .unseen').allTextContents()) {
      assert.ok(counted.includes(read.replace(': ', '').toLowerCase()), `${read} in ${counted}`);
    }
  }
});

const HAR = JSON.stringify({ log: { version: '1.2', creator: { name: 'test', version: '1' }, entries: ['hello.txt', 'other.txt'].map((key) => ({
  startedDateTime: '2026-11-24T02:17:48.000Z', time: 30,
  request: { method: 'GET', url: `https://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/${key}`, httpVersion: 'HTTP/1.1', headers: [], queryString: [], cookies: [], headersSize: -1, bodySize: 0 },
  response: { status: 403, statusText: 'Forbidden', httpVersion: 'HTTP/1.1', headers: [{ name: 'Server', value: 'tencent-cos' }, { name: 'x-cos-request-id', value: 'NWNhMTIzNDVfMQ==' }], cookies: [], redirectURL: '', headersSize: -1, bodySize: 100,
    content: { size: 100, mimeType: 'application/xml', text: '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>' } },
  cache: {}, timings: { send: 0, wait: 30, receive: 0 },
})) } });

test('a HAR is explained in the same view: chosen, pasted or dropped', async (t) => {
  const page = await loaded(await open(t, `${coswhy.url}/?lang=en`));
  await page.getByRole('button', { name: 'Explain a file…' }).click();
  await accessible(page);
  await page.locator('#paste-file').setInputFiles({ name: 'photos.har', mimeType: 'application/json', buffer: Buffer.from(HAR) });
  await page.getByRole('heading', { name: 'Found in photos.har' }).waitFor();
  assert.equal(await page.locator('#found .failure-link').count(), 2);
  await page.locator('#failure .checklist').waitFor();
  await accessible(page);
  await page.locator('#found .failure-link').nth(1).click();
  assert.match(await page.locator('#failure .where').textContent(), /other\.txt/);
  await page.getByRole('button', { name: 'Back to the live failures' }).click();
  await page.locator('#failures li').first().waitFor();

  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text', text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  }, HAR);
  await page.getByRole('heading', { name: 'Found in pasted text' }).waitFor();
  await page.evaluate((text) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], 'dropped.har'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, HAR);
  await page.getByRole('heading', { name: 'Found in dropped.har' }).waitFor();
});

test('what nothing is found in gets the reader’s sentence', async (t) => {
  const page = await loaded(await open(t, `${coswhy.url}/?lang=en`, { expected: /422/ }));
  await page.getByRole('button', { name: 'Explain a file…' }).click();
  await page.locator('textarea').fill('good morning');
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  await page.locator('dialog .problem', { hasText: 'nothing in it was recognised' }).waitFor();
  await accessible(page);
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('dialog').count(), 0);
});
