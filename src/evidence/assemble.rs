//! Putting together the tokens that tell of one failure.
//!
//! A text may quote one failure in several ways (a log line, then the body, then the exception) and several
//! failures one after the other. Tokens are taken in the order of the text; one that contradicts what is known
//! (another code, status or RequestId) begins the next failure, together with the tokens right before it that
//! had only repeated what was known already. Failures with one RequestId are one.

use std::collections::HashMap;

use super::finding::{Finding, Fit};
use super::source::Kind;
use super::token::{Name, Says, Token};

/// How far apart, in bytes, two readers can find the same words.
const ECHO: usize = 64;

/// The failures that `tokens` tell of, in the order of the text.
pub(super) fn findings(mut tokens: Vec<Token>, kind: impl Fn(&[Token]) -> Kind) -> Vec<Finding> {
    // Where a client made up a code for an answer without a body, that comes before the code.
    tokens.sort_by_key(|token| (token.at, !matches!(token.says, Says::NoBody)));
    without_echoes(&mut tokens);
    let mut groups: Vec<Vec<Token>> = Vec::new();
    let mut current = Finding::new(0, Kind::Exception);
    let mut group: Vec<Token> = Vec::new();
    // Where the tokens began that say nothing new: the start of the next failure, if one contradicts.
    let mut repeating: Option<usize> = None;
    for token in tokens {
        match current.fit(&token.says) {
            Fit::New => repeating = None,
            // The same id again: all of this is still the same failure.
            Fit::Again if matches!(token.says, Says::Text(Name::RequestId, _)) => repeating = None,
            Fit::Again | Fit::Differs => repeating = repeating.or(Some(group.len())),
            Fit::Conflicts => {
                let fresh = token.says == Says::Opening;
                let from = if fresh { group.len() } else { repeating.unwrap_or(group.len()) };
                let rest = group.split_off(from);
                groups.push(std::mem::replace(&mut group, rest));
                current = Finding::new(token.at, Kind::Exception);
                for earlier in &group {
                    current.put(earlier.says.clone());
                }
                repeating = None;
            }
        }
        current.put(token.says.clone());
        group.push(token);
    }
    groups.push(group);
    groups
        .into_iter()
        .filter_map(|group| {
            let telling = group.iter().find(|token| is_telling(&token.says)).or(group.first())?;
            let mut finding = Finding::new(telling.at, kind(&group));
            for token in group {
                finding.put(token.says);
            }
            Some(finding)
        })
        .collect()
}

/// Two readers may find the same words in one place; they are said once.
fn without_echoes(tokens: &mut Vec<Token>) {
    let mut recent: Vec<Token> = Vec::new();
    tokens.retain(|token| {
        recent.retain(|earlier| token.at - earlier.at <= ECHO);
        let echo = recent.iter().any(|earlier| earlier.says.repeats(&token.says));
        recent.push(token.clone());
        !echo
    });
}

/// Whether a person would point at this place.
fn is_telling(says: &Says) -> bool {
    matches!(
        says,
        Says::Text(Name::Code | Name::Message, _)
            | Says::Status(_)
            | Says::CodeNumber(_)
            | Says::Body(_)
            | Says::NoBody
            | Says::Console(_)
    )
}

/// Joins the findings that are of one failure: those with one RequestId, and a neighbour that contradicts in
/// nothing.
pub(super) fn joined(findings: Vec<Finding>) -> Vec<Finding> {
    let findings = with_reasons(findings);
    let mut joined: Vec<Finding> = Vec::new();
    let mut ids: HashMap<String, usize> = HashMap::new();
    for finding in findings {
        let id = finding.request_id().map(str::to_owned);
        let same_id = id.as_ref().and_then(|id| ids.get(id)).copied();
        let index = same_id.or(joined.len().checked_sub(1)).unwrap_or(0);
        let into = joined.get_mut(index).filter(|f| !finding.opening && f.goes_with(&finding));
        let index = match into {
            Some(earlier) => {
                let seal = earlier.sealed || finding.sealed;
                // The sealed one is the exchange; what was said before it completes it.
                if finding.sealed {
                    let said = std::mem::replace(earlier, finding);
                    earlier.absorb(said);
                } else {
                    earlier.absorb(finding);
                }
                earlier.sealed = seal;
                index
            }
            None => {
                joined.push(finding);
                joined.len() - 1
            }
        };
        if let Some(id) = id {
            ids.insert(id, index);
        }
    }
    joined
}

/// Gives a reason that stands by itself to the exchange that it is of: the last one before it that was refused without
/// one, or else the next. What the same host refused before without a reason was refused for the same.
fn with_reasons(mut findings: Vec<Finding>) -> Vec<Finding> {
    let alone: Vec<usize> =
        (0..findings.len()).filter(|at| findings.get(*at).is_some_and(Finding::is_reason_alone)).collect();
    // of a log of many it is not known which
    let [alone] = alone[..] else { return findings };
    let takes = |finding: &Finding| {
        finding.sealed
            && finding.is_unexplained()
            && finding.text(Name::Method).is_some_and(|method| method != "HEAD")
    };
    let before = findings.iter().take(alone).rposition(takes);
    let after = || findings.iter().skip(alone).position(takes).map(|at| at + alone);
    let Some(of) = before.or_else(after) else { return findings };
    if !findings.get(of).zip(findings.get(alone)).is_some_and(|(exchange, reason)| exchange.goes_with(reason))
    {
        return findings;
    }
    let reason = findings.remove(alone);
    let of = if alone < of { of - 1 } else { of };
    let Some(exchange) = findings.get_mut(of) else { return findings };
    exchange.absorb(reason);
    exchange.no_body = false;
    let (host, status) = (exchange.host.clone(), exchange.status);
    let mut at = 0;
    findings.retain(|earlier| {
        let same = at < of
            && earlier.sealed
            && earlier.is_unexplained()
            && earlier.host == host
            && earlier.status == status;
        at += 1;
        !same
    });
    findings
}
