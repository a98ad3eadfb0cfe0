//! The demo's keys. They are public, open nothing but this simulator, and have the lengths of real ones.

/// Somebody's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub secret_id: String,
    pub secret_key: String,
    /// The security token that a temporary key must bring.
    pub token: Option<String>,
    /// The token has run out.
    pub expired: bool,
    pub rights: Rights,
}

/// What a key may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rights {
    Everything,
    /// These actions (`name/cos:GetObject`), on keys that begin so; all actions where the list is empty.
    Only {
        actions: Vec<String>,
        prefix: String,
    },
}

/// The root account's key: may do everything.
pub const OWNER: (&str, &str) = ("AKIDdemoOwner00000000000000000000001", "demoOwnerSecretKey00000000000001");
/// A sub-account's: may read what lies under `shared/`, and no more.
pub const SUB_ACCOUNT: (&str, &str) =
    ("AKIDdemoSubAccount000000000000000002", "demoSubAccountSecretKey000000002");
/// A temporary key for everything.
pub const TEMPORARY: (&str, &str) = (
    "AKIDdemoTemporary_000000000000000000000000000-0000000000000000000003",
    "demoTemporarySecretKey0000000000000000000003",
);
/// A temporary key whose policy names `GetObject` and `HeadObject` alone.
pub const TEMPORARY_READER: (&str, &str) = (
    "AKIDdemoTemporaryReader_00000000000000000000-00000000000000000000004",
    "demoTemporaryReaderSecretKey0000000000000004",
);
/// A temporary key whose token has expired.
pub const TEMPORARY_EXPIRED: (&str, &str) = (
    "AKIDdemoTemporaryExpired_0000000000000000000-00000000000000000000005",
    "demoTemporaryExpiredSecretKey000000000000005",
);
/// The token of each temporary demo key.
pub const TOKEN: &str = "demoSecurityToken_0123456789-abcdefghijklmnopqrstuvwxyz";

impl Key {
    fn of((secret_id, secret_key): (&str, &str), token: Option<&str>, rights: Rights) -> Self {
        Self {
            secret_id: secret_id.to_owned(),
            secret_key: secret_key.to_owned(),
            token: token.map(str::to_owned),
            expired: false,
            rights,
        }
    }

    /// The keys above.
    #[must_use]
    pub fn demo() -> Vec<Self> {
        let reader = |prefix: &str| Rights::Only {
            actions: ["GetObject", "HeadObject"].iter().map(|name| format!("name/cos:{name}")).collect(),
            prefix: prefix.to_owned(),
        };
        vec![
            Self::of(OWNER, None, Rights::Everything),
            Self::of(SUB_ACCOUNT, None, reader("shared/")),
            Self::of(TEMPORARY, Some(TOKEN), Rights::Everything),
            Self::of(TEMPORARY_READER, Some(TOKEN), reader("")),
            Self { expired: true, ..Self::of(TEMPORARY_EXPIRED, Some(TOKEN), Rights::Everything) },
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn demo_keys_have_the_lengths_of_real_ones() {
        for key in Key::demo() {
            let lengths = (key.secret_id.len(), key.secret_key.len());
            let want = if key.token.is_some() { (68, 44) } else { (36, 32) };
            assert_eq!(lengths, want, "{}", key.secret_id);
        }
    }
}
