"""An HTTP server that verifies each request's signature with other people's signers: botocore's for SigV4, the vendor's
Python SDK's for q-sign. What coswhy signs anew is right when they say so, for the name that COS would see."""
