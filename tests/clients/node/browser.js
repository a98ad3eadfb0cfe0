// The vendor's SDK for browsers, in a page of a real Chromium: each order is one call of it there.
'use strict';

const fs = require('fs');
const http = require('http');
const path = require('path');
const { chromium } = require('playwright-core');
const readline = require('readline');
const { say } = require('./orders');

const FILES = {
  '/': ['text/html', '<!doctype html><script src="/sdk.js"></script><script src="/calls.js"></script>'
    + '<script src="/page.js"></script>'],
  '/sdk.js': ['text/javascript', fs.readFileSync(require.resolve('cos-js-sdk-v5'))],
  '/calls.js': ['text/javascript', fs.readFileSync(path.join(__dirname, 'vendor_calls.js'))],
  '/page.js': ['text/javascript', fs.readFileSync(path.join(__dirname, 'page.js'))],
};

// The page's origin is the one that the bucket's CORS rule names.
function site(port) {
  const server = http.createServer((request, answer) => {
    const [type, text] = FILES[request.url] || ['text/plain', ''];
    answer.writeHead(FILES[request.url] ? 200 : 404, { 'Content-Type': type });
    answer.end(text);
  });
  return new Promise((resolve) => { server.listen(port, '127.0.0.1', () => resolve(server)); });
}

async function main({ home, port, flags }) {
  const server = await site(port);
  const browser = await chromium.launchPersistentContext(path.join(home, 'profile'), {
    executablePath: '/usr/bin/chromium',
    env: { ...process.env, HOME: home },
    chromiumSandbox: false,
    args: ['--disable-gpu', '--disable-background-networking', ...flags],
  });
  const page = browser.pages()[0];
  await page.goto(`http://127.0.0.1:${port}/`);
  // Pages are not told the protocol of another origin's answers.
  const network = await browser.newCDPSession(page);
  await network.send('Network.enable');
  let protocol = null;
  network.on('Network.responseReceived', ({ response }) => { protocol = response.protocol; });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const order = JSON.parse(line);
    if (order.call === 'protocol') say({ result: protocol });
    else say(await page.evaluate((its) => window.carryOut(its), order).catch((error) => ({ broken: String(error) })));
  }
  await browser.close();
  server.close();
}

main(JSON.parse(process.argv[2]));
