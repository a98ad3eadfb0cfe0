//! Cross-origin rules: preflights answered, actual answers marked.
//!
//! Source: <https://www.tencentcloud.com/document/product/436/8288>. Rules are tried in order; an actual request is
//! never refused by them.

use http::{Response, StatusCode};

use super::refusal::Refusal;
use super::reply::{self, Answer, Body};
use super::request::Request;
use super::store::Bucket;
use super::xml::{self, Leaf};

/// Answers a preflight.
pub(super) fn preflight(request: &Request, bucket: &Bucket) -> Answer {
    let origin = request.header("origin").unwrap_or_default();
    let method = request.header("access-control-request-method").unwrap_or_default();
    let asked = request.header("access-control-request-headers").unwrap_or_default();
    let rules = rules(bucket);
    let Some(rule) = rules.iter().find(|rule| rule.fits(origin, method, asked)) else {
        return Err(Refusal::cors());
    };
    let mut response = reply::empty(StatusCode::OK);
    rule.mark(&mut response, origin);
    if !asked.is_empty() {
        reply::set(&mut response, "access-control-allow-headers", asked);
    }
    Ok(response)
}

/// Marks the answer to an actual cross-origin request.
pub(super) fn mark(request: &Request, bucket: &Bucket, response: &mut Response<Body>) {
    let Some(origin) = request.header("origin") else { return };
    if let Some(rule) = rules(bucket).iter().find(|rule| rule.fits(origin, request.method.as_str(), "")) {
        rule.mark(response, origin);
    }
}

struct Rule {
    leaves: Vec<Leaf>,
}

fn rules(bucket: &Bucket) -> Vec<Rule> {
    let Some(leaves) = bucket.configs.get("cors").and_then(|document| xml::leaves(document)) else {
        return Vec::new();
    };
    let mut rules: Vec<Rule> = Vec::new();
    let mut group = 0;
    for leaf in leaves {
        if leaf.group != group {
            group = leaf.group;
            rules.push(Rule { leaves: Vec::new() });
        }
        if let Some(rule) = rules.last_mut() {
            rule.leaves.push(leaf);
        }
    }
    rules
}

impl Rule {
    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        xml::texts(&self.leaves, name)
    }

    fn fits(&self, origin: &str, method: &str, headers: &str) -> bool {
        let mut asked = headers.split(',').map(str::trim).filter(|name| !name.is_empty());
        self.all("AllowedOrigin").any(|pattern| glob(pattern, origin))
            && self.all("AllowedMethod").any(|allowed| allowed == method)
            && asked.all(|name| {
                self.all("AllowedHeader").any(|p| glob(&p.to_ascii_lowercase(), &name.to_ascii_lowercase()))
            })
    }

    fn mark(&self, response: &mut Response<Body>, origin: &str) {
        let joined = |name: &str| self.all(name).collect::<Vec<_>>().join(",");
        let anyone = self.all("AllowedOrigin").any(|pattern| pattern == "*");
        reply::set(response, "access-control-allow-origin", if anyone { "*" } else { origin });
        if !anyone {
            reply::set(response, "access-control-allow-credentials", "true");
        }
        reply::set(response, "access-control-allow-methods", &joined("AllowedMethod"));
        let exposed = joined("ExposeHeader");
        if !exposed.is_empty() {
            reply::set(response, "access-control-expose-headers", &exposed);
        }
        if let Some(age) = self.all("MaxAgeSeconds").next() {
            reply::set(response, "access-control-max-age", age);
        }
    }
}

/// One asterisk at most, as COS has it.
fn glob(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => {
            text.len() >= head.len() + tail.len() && text.starts_with(head) && text.ends_with(tail)
        }
    }
}
