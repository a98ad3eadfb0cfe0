//! What a CA may vouch for: its name constraints, as far as they are about DNS names (RFC 5280, section 4.2.1.10).
//!
//! A client refuses a certificate outside of them; knowing it beforehand gives a better answer than its refusal.

use x509_parser::extensions::{GeneralName, GeneralSubtree, NameConstraints};

/// One certificate's constraints on DNS names.
#[derive(Debug, Default)]
pub(super) struct Constraint {
    /// `None`: any name.
    permitted: Option<Vec<String>>,
    excluded: Vec<String>,
}

impl Constraint {
    pub(super) fn read(constraints: &NameConstraints<'_>) -> Self {
        let permitted =
            constraints.permitted_subtrees.as_deref().map(names).filter(|names| !names.is_empty());
        Self { permitted, excluded: constraints.excluded_subtrees.as_deref().map(names).unwrap_or_default() }
    }

    /// Whether a certificate for `name` would be good.
    pub(super) fn permits(&self, name: &str) -> bool {
        self.permitted.as_ref().is_none_or(|bases| bases.iter().any(|base| is_within(name, base)))
            && !self.excluded.iter().any(|base| is_within(name, base))
    }
}

fn names(subtrees: &[GeneralSubtree<'_>]) -> Vec<String> {
    let dns = |subtree: &GeneralSubtree<'_>| match &subtree.base {
        GeneralName::DNSName(base) => Some(base.to_ascii_lowercase()),
        _ => None,
    };
    subtrees.iter().filter_map(dns).collect()
}

/// `base` itself and all below it; where `base` begins with a dot, as many CAs write it, only what is below.
fn is_within(name: &str, base: &str) -> bool {
    let Some(above) = name.strip_suffix(base) else { return false };
    above.is_empty() || base.is_empty() || base.starts_with('.') || above.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn constraint(permitted: &[&str], excluded: &[&str]) -> Constraint {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        Constraint {
            permitted: Some(owned(permitted)).filter(|names| !names.is_empty()),
            excluded: owned(excluded),
        }
    }

    #[test]
    fn a_base_covers_itself_and_what_is_below_it() {
        let cos = constraint(&["myqcloud.com", "tencentcos.cn"], &[]);
        assert!(cos.permits("b-1250000000.cos.ap-guangzhou.myqcloud.com"));
        assert!(cos.permits("myqcloud.com"));
        assert!(cos.permits("cos.ap-guangzhou.tencentcos.cn"));
        assert!(!cos.permits("evilmyqcloud.com"));
        assert!(!cos.permits("myqcloud.com.evil.example"));
        assert!(!cos.permits("img.example.com"));
    }

    #[test]
    fn exclusion_wins() {
        let some = constraint(&["example.com"], &["secret.example.com"]);
        assert!(some.permits("img.example.com"));
        assert!(!some.permits("secret.example.com"));
        assert!(!some.permits("a.secret.example.com"));
        assert!(!constraint(&[], &[""]).permits("anything"));
        assert!(constraint(&[], &[]).permits("anything"));
    }

    #[test]
    fn a_leading_dot_covers_only_what_is_below() {
        let below = constraint(&[".example.com"], &[]);
        assert!(below.permits("img.example.com"));
        assert!(!below.permits("example.com"));
    }
}
