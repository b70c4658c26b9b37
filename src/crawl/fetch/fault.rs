//! What went wrong on the line, in the words of a skip.

use std::error::Error;
use std::io;

use rustls::CertificateError;

use crate::crawl::address::Forbidden;
use crate::crawl::fields::Fault;
use crate::skip::SkipReason;

/// The reason and the story of a failed request.
pub(super) fn fault(error: &reqwest::Error) -> Fault {
    for cause in causes(error) {
        if let Some(forbidden) = cause.downcast_ref::<Forbidden>() {
            return (SkipReason::ForbiddenAddress, forbidden.to_string());
        }
        if let Some(rustls::Error::InvalidCertificate(what)) = cause.downcast_ref() {
            return (SkipReason::BadCertificate, certificate(what));
        }
    }
    let reason = if error.is_timeout() {
        SkipReason::Timeout
    } else if error.is_connect() {
        SkipReason::Unreachable
    } else {
        SkipReason::Connection
    };
    (reason, chain(error))
}

/// An error with its causes. The address is left out: the skip names it.
pub(super) fn chain(error: &reqwest::Error) -> String {
    let mut told: Vec<String> = causes(error).iter().map(ToString::to_string).collect();
    told.dedup();
    if told.is_empty() {
        return error.to_string();
    }
    told.join(": ")
}

/// The causes of an error, outermost first. What an I/O error wraps is none of
/// its sources, so it is taken out.
fn causes(error: &reqwest::Error) -> Vec<&(dyn Error + 'static)> {
    let mut causes = Vec::new();
    let mut cause = error.source();
    while let Some(inner) = cause {
        causes.push(inner);
        let wrapped = inner
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        cause = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => inner.source(),
        };
    }
    causes
}

/// What is wrong with a certificate.
fn certificate(what: &CertificateError) -> String {
    match what {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "its certificate has expired".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its certificate is not valid yet; is the clock of this machine right?".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate is for another host".to_owned()
        }
        CertificateError::UnknownIssuer => {
            "its certificate is signed by nobody this machine trusts".to_owned()
        }
        CertificateError::Revoked => "its certificate was revoked".to_owned(),
        other => format!("its certificate: {other}"),
    }
}
