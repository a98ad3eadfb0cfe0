"""What goes wrong: keys that may not, buckets that refuse, and answers that the simulator has no occasion to give."""

import hashlib
from xml.sax.saxutils import escape

from server import Page, Refusal
from world import READER, SUB_ACCOUNT, TEMPORARY, TOKEN, Keys

EXPIRED = Keys("AKIDdemoTemporaryExpired_0000000000000000000-00000000000000000000005",
               "demoTemporaryExpiredSecretKey000000000000005", TOKEN)


def wrong_secret(here):
    return here.keyed(secret_key="w" * 32)


def unknown_id(here):
    return here.keyed(secret_id="AKID" + "z" * 32)


def placeholder_id(here):
    return here.keyed(secret_id="YOUR_SECRET_ID")


def swapped(here):
    return here.keyed(secret_id=here.keys.secret_key, secret_key=here.keys.secret_id)


def sub_account(here):
    return here.keyed(SUB_ACCOUNT)


def reader(here):
    return here.keyed(READER)


def no_token(here):
    return here.keyed(TEMPORARY, token=None)


def expired_token(here):
    return here.keyed(EXPIRED)


def bucket(name, region=None, path_style=False):
    def where(here):
        there = here.at(name, region)
        there.__dict__["path_style"] = path_style
        return there
    return where


def denied(page=False, **more):
    return Refusal(403, "AccessDenied", "Access Denied.", **more)


CORS = ("CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / "
        "Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.")
SKEWED = Refusal(403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.",
                 server_time=True)
SLOW = Refusal(400, "UserNetworkTooSlow", "User network is too slow.")
SOCKET = Refusal(400, "RequestTimeout", "Your socket connection to the server was not read from or written to within the "
                 "timeout period. Idle connections will be closed.")
ARREARS = Refusal(451, "UnavailableForLegalReasons", "Due to your account is arrears, it is unavailable until you recharge.")
NO_LENGTH = Refusal(411, "MissingContentLength", "You must provide the Content-Length HTTP header.")
TRAILER = Refusal(400, "NotImplemented", "Aws MultiChunkedEncoding STREAMING-UNSIGNED-PAYLOAD-TRAILER is not supported.")
NO_MD5 = Refusal(400, "InvalidRequest", "Missing required header for this request: Content-MD5")
BAD_DIGEST = Refusal(400, "BadDigest", "The Content-MD5 you specified did not match what we received.")
MALFORMED = Refusal(400, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema.")
PATH_STYLE = Refusal(403, "PathStyleDomainForbidden",
                     "The bucket you are attempting to access must be addressed using COS virtual-styled domain.")
NO_BUCKET = Refusal(404, "NoSuchBucket", "The specified bucket does not exist.")
BUCKET_TAKEN = Refusal(409, "BucketAlreadyExists", "The requested bucket name is not available.")
SOURCE = Refusal(403, "AccessDenied", "Failed to query the state of source object")
SOURCE_MISSING = Refusal(404, "NoSuchKey", "Failed to query the state of source object")
RESTORING = Refusal(409, "RestoreAlreadyInProgress", "Object restore is already in progress.")
NO_ROLE = Refusal(403, "QcloudApiRoleNotExist", "Qcloud api role not exist, need create role", service="ci")
SLOW_DOWN = Refusal(503, "SlowDown", "Please reduce your request rate.")
UNAVAILABLE = Refusal(503, "ServiceUnavailable", "Please reduce your request rate.")
INTERNAL = Refusal(500, "InternalError", "We encountered an internal error. Please try again.")
ACCELERATE = Refusal(400, "ActionAccelerateNotSupported", "The action is not supported for bucket acceleration endpoint.")
STRICT = Refusal(403, "AccessDenied", "Strict signature missing header that must be signed")
ARCHIVED = Refusal(403, "InvalidObjectState", "The operation is not valid for the object storage class.",
                   headers={"x-cos-storage-class": "ARCHIVE"})
QUOTA = Refusal(402, "PaymentRequired", "The resource package has been used up.")
UNHEARD = Refusal(403, "SomethingNobodyHeardOf", "This is not written down anywhere.")
NGINX = Page(403, "<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n<center><h1>403 Forbidden</h1></center>\r\n"
             "<hr><center>nginx/1.24.0</center>\r\n</body>\r\n</html>\r\n", Server="nginx/1.24.0")
CDN = Page(403, "", Server="NWS_TCloud_S1", X_NWS_LOG_UUID="1234567890123456789", X_Cache_Lookup="Return Directly")
WAF = Page(403, "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>405</title></head><body><h1>Sorry, your request has "
           "been blocked as it may cause potential threats to the server's security.</h1></body></html>\n", Server="waf")
CEPH = Page(403, '<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><RequestId>tx00000000000000292-0066b9ba8c-'
            "1e65353-default</RequestId><HostId>1e65353-default-default</HostId></Error>", Content_Type="application/xml",
            x_amz_request_id="tx00000000000000292-0066b9ba8c-1e65353-default")
SQUID = Page(403, "<!DOCTYPE html>\n<html><head><title>ERROR: The requested URL could not be retrieved</title></head><body><h1>ERROR</h1>"
             "<h2>The requested URL could not be retrieved</h2><p>Access Denied.</p><p>Access control configuration prevents your "
             "request from being allowed at this time.</p></body></html>", Server="squid/5.7", X_Squid_Error="ERR_ACCESS_DENIED 0")


def signature(format_string):
    """SignatureDoesNotMatch with what COS computed."""
    digest = hashlib.sha1(format_string.encode()).hexdigest()
    return Refusal(403, "SignatureDoesNotMatch", "The Signature you specified is invalid.",
                   more=f"\t<StringToSign>sha1\n1774353600;1774357200\n{digest}\n</StringToSign>\n"
                        f"\t<FormatString>{escape(format_string)}</FormatString>\n")
