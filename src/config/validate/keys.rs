//! `[[keys]]`: each key pair once, its SecretKey in one place.

use super::Check;
use crate::config::secret_key;
use crate::config::settings::Key;

impl Check<'_> {
    pub(super) fn keys(&mut self, keys: &[Key]) {
        for (n, key) in keys.iter().enumerate() {
            let own = format!("keys[{n}]");
            self.key(&own, key);
            let before = keys.iter().take(n).position(|other| other.secret_id == key.secret_id);
            if let Some(first) = before {
                self.wrong(&format!("{own}.secret_id"), format!("the same as that of keys[{first}]"));
            }
        }
    }

    fn key(&mut self, own: &str, key: &Key) {
        if !key.secret_id.bytes().all(|b| b.is_ascii_graphic()) {
            let says = "a SecretId is of ASCII letters, digits and signs, without spaces";
            self.wrong(&format!("{own}.secret_id"), says);
        } else if !key.secret_id.starts_with("AKID") {
            // Not repeated: it may be the SecretKey.
            let says =
                "does not begin with AKID, as a SecretId does: perhaps SecretId and SecretKey are swapped";
            self.warn(&format!("{own}.secret_id"), says);
        }
        let sources = [key.secret_key_file.is_some(), key.secret_key_env.is_some(), key.secret_key.is_some()];
        match sources.iter().filter(|set| **set).count() {
            0 => self.wrong(own, secret_key::NONE),
            1 => {}
            _ => self.wrong(own, secret_key::MANY),
        }
        if let Some(secret) = &key.secret_key {
            let field = format!("{own}.secret_key");
            self.checked(&field, secret_key::checked(secret));
            self.warn(
                &field,
                "secret_key_file or secret_key_env keeps the SecretKey out of the settings, which are easily \
                 shown or copied",
            );
        }
    }
}
