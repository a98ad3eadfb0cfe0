// One page in Chromium: what its devtools would export as HAR, and what its console says.
'use strict';

const fs = require('fs');
const http = require('http');
const path = require('path');
const { chromium } = require('playwright-core');

async function main({ home, proxy, html, visit, referer }) {
  const site = http.createServer((request, answer) => {
    answer.writeHead(request.url === '/' ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8' });
    answer.end(request.url === '/' ? html : '');
  });
  await new Promise((resolve) => { site.listen(0, '127.0.0.1', resolve); });
  const page = `http://localhost:${site.address().port}/`;
  const har = path.join(home, 'it.har');
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium', chromiumSandbox: false, env: { ...process.env, HOME: home },
    args: ['--disable-gpu', '--ignore-certificate-errors', `--proxy-server=${proxy}`],
  });
  const context = await browser.newContext({ ignoreHTTPSErrors: true, recordHar: { path: har, mode: 'full', content: 'embed' } });
  const tab = await context.newPage();
  const said = [];
  tab.on('console', (message) => {
    const { url, lineNumber } = message.location();
    said.push(`${url.replace(/.*\/(?=.)/, '') || '(index)'}:${lineNumber} ${message.text()}`);
  });
  await tab.goto(visit || page, referer ? { referer } : {}).catch(() => {});
  await tab.waitForTimeout(1500);
  const text = await tab.evaluate(() => document.body.innerText).catch(() => '');
  await context.close();
  await browser.close();
  site.close();
  const log = JSON.parse(fs.readFileSync(har));
  delete log.log.pages;
  log.log.entries = log.log.entries.filter((entry) => !entry.request.url.startsWith(page));
  for (const entry of log.log.entries) {
    delete entry._securityDetails; delete entry.serverIPAddress; delete entry._serverPort;
    // As the export without sensitive data has it, and browsers' own.
    entry.request.headers = entry.request.headers.filter(({ name }) => !/^(authorization|sec-ch-ua.*)$/i.test(name));
  }
  console.log(JSON.stringify({ har: JSON.stringify(log, null, 2), console: said.join('\n'), page: text }));
}

main(JSON.parse(process.argv[2])).catch((error) => { console.error(error); process.exit(1); });
