//! Domains below which anybody can register a name.

/// What the registries of countries sell names below, as in `co.uk` and `com.cn`.
const SOLD: [&str; 7] = ["ac", "co", "com", "edu", "gov", "net", "org"];

/// Whether all below a domain, in whatever case, belongs to nobody in particular: a top-level domain, or one such as
/// `com.cn`. The whole list (publicsuffix.org) is megabytes of code that is out of date in a week; these few are what
/// one writes by mistake.
#[must_use]
pub fn is_anybodys_domain(name: &str) -> bool {
    match name.split_once('.') {
        None => true,
        Some((label, country)) => {
            country.len() == 2
                && country.bytes().all(|b| b.is_ascii_alphabetic())
                && SOLD.iter().any(|sold| label.eq_ignore_ascii_case(sold))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registrys_domain_is_anybodys() {
        for wide in ["com", "cn", "co.uk", "com.cn", "Com.HK", "org.au", "ac.jp"] {
            assert!(is_anybodys_domain(wide), "{wide}");
        }
        for own in ["example.com", "co.com", "a.co.uk", "example.cn", "t.co", "com.example", "x.com.cn"] {
            assert!(!is_anybodys_domain(own), "{own}");
        }
    }
}
