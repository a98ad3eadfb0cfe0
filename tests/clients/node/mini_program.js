// The vendor's SDK for WeChat mini programs, as it is, on a `wx` made here: each order is one call of it.
'use strict';

const { serve } = require('./orders');
const { inAFile } = require('./temporary_file');
const { call } = require('./vendor_calls');

globalThis.wx = require('./wx');
// A name that scripts there know, without a value.
globalThis.window = undefined;
const COS = require('cos-wx-sdk-v5');

function copied(buffer) {
  return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);
}

const platform = {
  toBody: (base64) => copied(Buffer.from(base64, 'base64')),
  fromBody: (body) => Buffer.from(body).toString('base64'),
  upload: (cos, target, base64) => inAFile(base64, (path) => cos.sliceUploadFile({ ...target, FilePath: path })),
  options: { DataType: 'arraybuffer' },
};

serve((order) => call(new COS(order.options), order, platform));
