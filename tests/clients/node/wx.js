// What cos-wx-sdk-v5 asks of WeChat's `wx`: requests, files, storage. A mini program can set neither Host nor Referer,
// and knows no proxy.
'use strict';

const fs = require('fs');
const http = require('http');
const https = require('https');

const REFERER = 'https://servicewechat.com/wx0000000000000000/devtools/page-frame.html';

function request({ url, method, header, data, responseType, success, fail }) {
  const headers = {};
  for (const [name, value] of Object.entries(header || {})) {
    if (!/^(host|referer|content-length)$/i.test(name)) headers[name] = value;
  }
  const body = data === undefined ? Buffer.alloc(0) : Buffer.from(data);
  if (body.length || /^(PUT|POST)$/.test(method)) headers['Content-Length'] = body.length;
  const task = (url.startsWith('https:') ? https : http).request(url, { method, headers: { ...headers, Referer: REFERER } });
  task.on('error', (error) => fail({ errMsg: `request:fail ${error.message}` }));
  task.on('response', (answer) => {
    const chunks = [];
    answer.on('error', (error) => fail({ errMsg: `request:fail ${error.message}` }));
    answer.on('data', (chunk) => chunks.push(chunk));
    answer.on('end', () => success({
      statusCode: answer.statusCode,
      header: answer.headers,
      data: responseType === 'arraybuffer' ? arrayBuffer(Buffer.concat(chunks)) : Buffer.concat(chunks).toString(),
    }));
  });
  task.end(body);
  return { abort: () => task.destroy(), onProgressUpdate: () => {} };
}

function arrayBuffer(buffer) {
  return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);
}

function readFile({ filePath, position, length, success, fail }) {
  fs.readFile(filePath, (error, data) => {
    if (error) return fail({ errMsg: error.message });
    return success({ data: arrayBuffer(data.subarray(position || 0, length === undefined ? data.length : (position || 0) + length)) });
  });
}

function stat({ path, success, fail }) {
  fs.stat(path, (error, stats) => {
    if (error) return fail({ errMsg: error.message });
    return success({ stats: { size: stats.size, lastModifiedTime: stats.mtimeMs, isDirectory: () => stats.isDirectory() } });
  });
}

const storage = new Map();

module.exports = {
  request,
  getFileSystemManager: () => ({ readFile, stat }),
  canIUse: (name) => ['getAppBaseInfo', 'getDeviceInfo'].includes(name),
  getAppBaseInfo: () => ({ SDKVersion: '3.0.0' }),
  getDeviceInfo: () => ({ platform: 'devtools' }),
  getStorageSync: (key) => storage.get(key) || '',
  setStorageSync: (key, value) => storage.set(key, value),
  removeStorageSync: (key) => storage.delete(key),
};
