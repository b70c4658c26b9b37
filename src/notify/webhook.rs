//! A message to a web hook, as JSON.

use std::error::Error;
use std::sync::Once;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Client, redirect};

use super::{Message, Webhook};

/// Posts the message, once. Nothing of the answer is read but its status, and
/// no redirect is followed: the message goes where it was written to go.
pub(super) fn post(hook: &Webhook, message: &Message, most: Duration) -> Result<(), String> {
    install_tls();
    let client = Client::builder()
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .http1_only()
        .user_agent(concat!("lentera/", env!("CARGO_PKG_VERSION")))
        .timeout(most)
        .build()
        .map_err(|error| format!("no client for it: {}", plain(&error)))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start: {error}"))?;
    let request = client
        .post(hook.url().clone())
        .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
        .body(message.json.clone());
    let answer = runtime.block_on(async { request.send().await });
    // A name that is still being looked up is not waited for.
    runtime.shutdown_background();
    let status = match answer {
        Ok(answer) => answer.status(),
        Err(error) if error.is_timeout() => {
            return Err(format!("did not answer within {} s", most.as_secs()));
        }
        Err(error) => return Err(plain(&error)),
    };
    if status.is_success() {
        Ok(())
    } else if status.is_redirection() {
        Err(format!(
            "answers {status}; redirects are not followed: write its new address"
        ))
    } else {
        Err(format!("answers {status}"))
    }
}

/// What went wrong, without the address: it often is a secret.
fn plain(error: &reqwest::Error) -> String {
    let mut cause = error.source();
    while let Some(inner) = cause.and_then(Error::source) {
        cause = Some(inner);
    }
    match cause {
        Some(cause) => format!("cannot be asked: {cause}"),
        None => "cannot be asked".to_owned(),
    }
}

/// Makes ring the TLS library of this process, once; one that is chosen
/// already is kept.
fn install_tls() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}
