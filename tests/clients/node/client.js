// One call of the vendor's SDK, as a JSON order on standard input says; the last line of output is the answer.
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const COS = require('cos-nodejs-sdk-v5');

const order = JSON.parse(fs.readFileSync(0, 'utf8'));
const cos = new COS(order.options);
const target = { Bucket: order.bucket, Region: order.region, Key: order.key };
const data = Buffer.from(order.data || '', 'base64');

const calls = {
  put: async () => { await cos.putObject({ ...target, Body: data }); },
  get: async () => (await cos.getObject(target)).Body.toString('base64'),
  head: async () => (await cos.headObject(target)).headers['content-length'],
  delete: async () => { await cos.deleteObject(target); },
  list: async () => (await cos.getBucket({ ...target, Prefix: order.prefix })).Contents.map((row) => row.Key),
  presigned: async () => new Promise((resolve, reject) => {
    cos.getObjectUrl({ ...target, Sign: true, Expires: 300 }, (error, answer) => {
      if (error) reject(error); else resolve(answer.Url);
    });
  }),
  multipart: async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coswhy-'));
    try {
      const file = path.join(folder, 'object');
      fs.writeFileSync(file, data);
      await cos.sliceUploadFile({ ...target, FilePath: file, ChunkSize: 1 << 20, AsyncLimit: 2 });
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  },
};

function refused(error) {
  if (!error || !error.statusCode) throw error;
  const body = error.error && typeof error.error === 'object' ? error.error : {};
  return {
    status: error.statusCode,
    code: error.code,
    message: error.message,
    header: (error.headers || {})['x-cos-diagnosis'],
    element: body.Diagnosis,
  };
}

calls[order.call]().then(
  (result) => ({ result: result === undefined ? null : result }),
  (error) => ({ refused: refused(error) }),
).then((answer) => { console.log(`\n${JSON.stringify(answer)}`); });
