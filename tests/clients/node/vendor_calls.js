// The calls that the vendor's SDKs for JavaScript have alike. Each platform says what bytes are to it:
// `{toBody(base64), fromBody(body) -> base64, upload(cos, target, base64), options}`.
(function () {
  'use strict';

  async function call(cos, order, platform) {
    const target = { Bucket: order.bucket, Region: order.region, Key: order.key };
    switch (order.call) {
      case 'put':
        await cos.putObject({ ...target, Body: platform.toBody(order.data) });
        return null;
      case 'get':
        return platform.fromBody((await cos.getObject({ ...target, ...platform.options, ...order.more })).Body);
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
        await platform.upload(cos, { ...target, ChunkSize: 1 << 20, AsyncLimit: 2 }, order.data);
        return null;
      default:
        throw new Error(`no call named ${order.call}`);
    }
  }

  // What a user's code learns from an error.
  function refused(error) {
    if (!error || !error.statusCode) return { broken: String((error && error.stack) || JSON.stringify(error)) };
    const body = error.error && typeof error.error === 'object' ? error.error : {};
    return {
      refused: {
        status: error.statusCode,
        code: error.code || body.Code,
        message: error.message || body.Message,
        header: (error.headers || {})['x-cos-diagnosis'],
        element: body.Diagnosis,
      },
    };
  }

  const both = { call, refused };
  if (typeof module === 'undefined') window.vendorCalls = both; else module.exports = both;
})();
