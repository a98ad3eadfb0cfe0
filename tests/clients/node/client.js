// The vendor's SDK for Node.js: each order is one call of it.
'use strict';

const COS = require('cos-nodejs-sdk-v5');
const { serve } = require('./orders');
const { inAFile } = require('./temporary_file');
const { call } = require('./vendor_calls');

const platform = {
  toBody: (base64) => Buffer.from(base64, 'base64'),
  fromBody: (body) => body.toString('base64'),
  upload: (cos, target, base64) => inAFile(base64, (path) => cos.sliceUploadFile({ ...target, FilePath: path })),
};

serve((order) => call(new COS(order.options), order, platform));
