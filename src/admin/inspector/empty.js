// What stands there where no failure does: how to point a client at coswhy, with its real address.

import { code } from './copy.js';
import { h, visible } from './dom.js';
import { t } from './words.js';

const HOST = 'examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com';

/** Where the proxy listens, for clients where this browser is; on every address means the one of this page too. */
function proxy() {
  const told = document.querySelector('meta[name=coswhy-proxy]').content;
  const port = told.slice(told.lastIndexOf(':') + 1);
  const host = told.slice(0, told.lastIndexOf(':'));
  if (!/^\d+$/.test(port)) return { host: '127.0.0.1', port: '8080' };
  return { host: ['0.0.0.0', '[::]'].includes(host) ? location.hostname : host, port };
}

function text(title, ...parts) {
  return h('div', { class: 'empty' }, h('h2', { id: 'failure-title', tabindex: '-1' }, title), parts);
}

/** Nothing has failed yet. */
export function empty(explain) {
  const { host, port } = proxy();
  const button = h('button', { type: 'button', onclick: explain }, t('explain'));
  return text(t('empty'),
    h('p', { class: 'summary' }, t('emptyMeans')),
    h('p', {}, t('emptyCurl')),
    code(`curl -i --connect-to ::${host}:${port} http://${HOST}/hello.txt`, t('copyCommand')),
    h('p', {}, t('emptyProxy')),
    code(`export http_proxy=http://${host}:${port}`, t('copyCommand')),
    h('p', {}, t('emptyPython')),
    code(`CosConfig(Region='ap-guangzhou', SecretId='…', SecretKey='…',\n          Scheme='http', IP='${host}', Port=${port})`, t('copyCommand')),
    h('p', {}, t('emptyNode')),
    code(`new COS({ SecretId: '…', SecretKey: '…', Protocol: 'http:', Ip: '${host}:${port}' })`, t('copyCommand')),
    h('p', {}, t('emptyMore')), h('p', {}, button));
}

export function emptyFiltered() {
  return text(t('emptyFiltered'), h('p', { class: 'summary' }, t('emptyFilteredMeans')));
}

export function gone() {
  return text(t('gone'), h('p', { class: 'summary' }, t('goneMeans')));
}

export function failed(problem) {
  return text(t('failed'), h('p', { class: 'summary' }, problem.message),
    problem.detail ? h('p', { class: 'detail' }, visible(problem.detail)) : null);
}
