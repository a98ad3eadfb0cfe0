//! Refusals, each with the words that COS has for it.
//!
//! Sources: <https://www.tencentcloud.com/document/product/436/7730>, 436/40105, and bodies that users published.

use http::{HeaderName, HeaderValue, StatusCode};

/// Why a request is not done.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) message: String,
    /// The message that the troubleshooting page prints under `AccessDenied`, where it prints this case.
    pub(super) page: Option<&'static str>,
    /// Further elements of the body.
    pub(super) extra: Vec<(&'static str, String)>,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    /// The body tells the server's time.
    pub(super) tells_time: bool,
}

impl Refusal {
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            code,
            message: message.into(),
            page: None,
            extra: Vec::new(),
            headers: Vec::new(),
            tells_time: false,
        }
    }

    fn page(mut self, message: &'static str) -> Self {
        self.page = Some(message);
        self
    }

    pub(super) fn with_time(mut self) -> Self {
        self.tells_time = true;
        self
    }

    pub(super) fn denied() -> Self {
        Self::new(403, "AccessDenied", "Access Denied.")
    }

    pub(super) fn cors() -> Self {
        let message = "CORSResponse: This CORS request is not allowed. This is usually because the evaluation of \
                       Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers \
                       are not whitelisted by the resource's CORS spec.";
        Self::new(403, "AccessForbidden", message).page("AccessForbidden")
    }

    pub(super) fn referer() -> Self {
        Self::new(403, "AccessDenied", "You are denied by bucket referer rule")
    }

    pub(super) fn unknown_id() -> Self {
        Self::new(403, "InvalidAccessKeyId", "The Access Key Id you provided does not exist in our records.")
            .page("InvalidAccessKeyId")
    }

    pub(super) fn malformed_id() -> Self {
        Self::new(403, "InvalidAccessKeyId", "The access key Id format you provided is invalid.")
            .page("InvalidAccessKeyId")
    }

    pub(super) fn expired_token() -> Self {
        Self::new(400, "ExpiredToken", "The provided token has expired.").with_time()
    }

    pub(super) fn skewed() -> Self {
        let message = "The difference between the request time and the current time is too large.";
        Self::new(403, "RequestTimeTooSkewed", message).page("RequestTimeTooSkewed").with_time()
    }

    pub(super) fn expired() -> Self {
        Self::new(403, "AccessDenied", "Request has expired").with_time()
    }

    pub(super) fn signature(string_to_sign: String, format_string: String) -> Self {
        let mut refusal = Self::new(403, "SignatureDoesNotMatch", "The Signature you specified is invalid.")
            .page("SignatureDoesNotMatch");
        refusal.extra.push(("StringToSign", string_to_sign));
        if !format_string.is_empty() {
            refusal.extra.push(("FormatString", format_string));
        }
        refusal
    }

    pub(super) fn strict(what: &str) -> Self {
        Self::new(403, "AccessDenied", format!("Strict signature missing {what} that must be signed"))
    }

    pub(super) fn archived(class: &str) -> Self {
        let mut refusal =
            Self::new(403, "InvalidObjectState", "The operation is not valid for the object storage class.")
                .page("InvalidObjectState");
        if let Ok(class) = HeaderValue::from_str(class) {
            refusal.headers.push((HeaderName::from_static("x-cos-storage-class"), class));
        }
        refusal
    }

    pub(super) fn path_style() -> Self {
        let message =
            "The bucket you are attempting to access must be addressed using COS virtual-styled domain.";
        Self::new(403, "PathStyleDomainForbidden", message)
    }

    pub(super) fn default_domain() -> Self {
        let message =
            "The APK/IPA file is not allowed to be distributed in a public network using COS default domain.";
        Self::new(403, "DownloadForbidden", message)
    }

    pub(super) fn arrears() -> Self {
        let message = "Due to your account is arrears, it is unavailable until you recharge.";
        Self::new(451, "UnavailableForLegalReasons", message)
    }

    pub(super) fn no_bucket() -> Self {
        Self::new(404, "NoSuchBucket", "The specified bucket does not exist.")
    }

    pub(super) fn no_key() -> Self {
        Self::new(404, "NoSuchKey", "The specified key does not exist.")
    }

    pub(super) fn no_upload() -> Self {
        Self::new(404, "NoSuchUpload", "The specified multipart upload does not exist.")
    }

    pub(super) fn no_appid() -> Self {
        let message = "Missing required header for this request: Appid, Bucket format should be \
                       <bucketname>-<appid>";
        Self::new(400, "InvalidRequest", message)
    }

    pub(super) fn missing_header(name: &str) -> Self {
        Self::new(400, "InvalidRequest", format!("Missing required header for this request: {name}"))
    }

    pub(super) fn method() -> Self {
        Self::new(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")
    }

    pub(super) fn malformed_xml() -> Self {
        Self::new(400, "MalformedXML", "The XML you provided was not well-formed.")
    }

    pub(super) fn precondition() -> Self {
        Self::new(412, "PreconditionFailed", "Precondition not match.")
    }

    pub(super) fn argument(message: impl Into<String>) -> Self {
        Self::new(400, "InvalidArgument", message)
    }

    pub(super) fn chunked_trailer(hash: &str) -> Self {
        Self::new(400, "NotImplemented", format!("Aws MultiChunkedEncoding {hash} is not supported."))
    }
}
