// The vendor's SDK for Node.js: each order is one call of it.
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const COS = require('cos-nodejs-sdk-v5');
const { serve } = require('./orders');

serve(async (order) => {
  const cos = new COS(order.options);
  const target = { Bucket: order.bucket, Region: order.region, Key: order.key };
  const data = Buffer.from(order.data || '', 'base64');
  switch (order.call) {
    case 'put':
      await cos.putObject({ ...target, Body: data });
      return null;
    case 'get':
      return (await cos.getObject({ ...target, ...order.more })).Body.toString('base64');
    case 'head':
      return (await cos.headObject(target)).headers['content-length'];
    case 'delete':
      await cos.deleteObject(target);
      return null;
    case 'list':
      return (await cos.getBucket({ ...target, Prefix: order.prefix })).Contents.map((row) => row.Key);
    case 'presigned':
      return new Promise((resolve, reject) => {
        cos.getObjectUrl({ ...target, Sign: true, Expires: 300 }, (error, answer) => {
          if (error) reject(error); else resolve(answer.Url);
        });
      });
    case 'multipart':
      return multipart(cos, target, data);
    default:
      throw new Error(`no call named ${order.call}`);
  }
});

async function multipart(cos, target, data) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coswhy-'));
  try {
    const file = path.join(folder, 'object');
    fs.writeFileSync(file, data);
    await cos.sliceUploadFile({ ...target, FilePath: file, ChunkSize: 1 << 20, AsyncLimit: 2 });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
  return null;
}
