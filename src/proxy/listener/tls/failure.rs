//! Why a client and this proxy did not come to terms, as far as the client said.

use std::error::Error;
use std::io;

use rustls::AlertDescription;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The client does not believe the certificate.
    Distrust,
    /// It went away without a word.
    Gone,
    Other,
}

impl Failure {
    pub(crate) fn of(error: &io::Error) -> Self {
        let inner = error.get_ref().map(|inner| inner as &(dyn Error + 'static));
        match inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            // OpenSSL says the first, Go the second, Java and the browsers the third; the fourth is said by those that
            // trust another CA of the same name, such as the one before this.
            Some(rustls::Error::AlertReceived(
                AlertDescription::UnknownCA
                | AlertDescription::BadCertificate
                | AlertDescription::CertificateUnknown
                | AlertDescription::DecryptError,
            )) => Self::Distrust,
            Some(_) => Self::Other,
            None => Self::Gone,
        }
    }
}
