//! A browser's upload form (POST Object): `q-…` fields beside a policy, or S3's names for the same.

use super::{Auth, Place, first, qsign, sigv2, sigv4};

/// `None`: the form is not signed.
pub(super) fn parse(fields: &[(String, String)]) -> Option<Auth> {
    let has = |name: &str| first(fields, name).is_some();
    let mut auth = if has("q-signature") || has("q-ak") || has("q-sign-algorithm") {
        let mut auth = qsign::of_pairs(fields);
        // the field for signed headers does not exist here, and q-sign-time stands in the policy alone
        if auth.sign_time.is_none() && auth.sign_time_text.is_empty() {
            auth.sign_time = auth.key_time;
            auth.problems.retain(|p| *p != super::Problem::Missing("q-sign-time"));
        }
        auth
    } else if has("x-amz-signature") {
        let mut auth = sigv4::parse_query(fields);
        // a form has neither signed headers nor an expiry of its own: the policy has
        auth.problems.retain(|p| !matches!(p, super::Problem::Missing("SignedHeaders" | "X-Amz-Expires")));
        auth
    } else if has("AWSAccessKeyId") {
        let mut auth = sigv2::parse_query(fields);
        auth.problems.retain(|p| *p != super::Problem::BadTime("Expires"));
        auth
    } else if let Some(value) = first(fields, "Signature").filter(|value| qsign::is(value)) {
        // old pages put the whole Authorization value into one field
        qsign::parse(value)
    } else {
        return None;
    };
    auth.place = Some(Place::Form);
    Some(auth)
}
