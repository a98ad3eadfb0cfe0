//! Where the SecretKey of a `[[keys]]` entry comes from: a file, an environment variable, or the settings themselves.

use std::env;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use zeroize::Zeroizing;

use super::Secret;
use super::settings::Key;

/// No SecretKey is longer; what is was named by mistake, and is not worth reading.
const LONGEST: usize = 4096;

/// Why there is no SecretKey: the field at fault, if it is one, and what is wrong with it.
pub(super) type Missing = (Option<&'static str>, String);

impl Key {
    /// Reads the SecretKey. No sentence about a failure repeats any of it.
    ///
    /// # Errors
    /// What is wrong, with the field's name before it: `secret_key_file: …`.
    pub fn secret(&self) -> Result<Secret, String> {
        read(self).map_err(|(field, says)| match field {
            Some(field) => format!("{field}: {says}"),
            None => says,
        })
    }
}

pub(super) fn read(key: &Key) -> Result<Secret, Missing> {
    let (field, secret) = match (&key.secret_key_file, &key.secret_key_env, &key.secret_key) {
        (Some(path), None, None) => ("secret_key_file", from_file(path)),
        (None, Some(name), None) => ("secret_key_env", from_variable(name)),
        (None, None, Some(secret)) => ("secret_key", whole(secret.clone())),
        (None, None, None) => return Err((None, NONE.into())),
        _ => return Err((None, MANY.into())),
    };
    secret.map_err(|says| (Some(field), says))
}

fn whole(secret: Secret) -> Result<Secret, String> {
    checked(&secret).map(|()| secret)
}

fn from_file(path: &Path) -> Result<Secret, String> {
    let wrong = |says: &dyn std::fmt::Display| format!("{}: {says}", path.display());
    // Whoever wrote the SecretKey here instead of a path should not find it in a log.
    let file = File::open(path).map_err(|error| format!("cannot open that file: {error}"))?;
    // Room for all of it from the start: what grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    file.take(LONGEST as u64 + 1).read_to_end(&mut bytes).map_err(|error| wrong(&error))?;
    if bytes.len() > LONGEST {
        return Err(wrong(&"longer than any SecretKey"));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| wrong(&NOT_ONE))?;
    // An editor ends the line; `echo` does, too.
    let line = text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
    whole(Secret::new(line.to_owned())).map_err(|says| wrong(&says))
}

fn from_variable(name: &str) -> Result<Secret, String> {
    // Nor here.
    let text = env::var_os(name).ok_or("the environment has no variable of that name")?;
    let text = text.into_string().map_err(|_| NOT_ONE)?;
    whole(Secret::new(text)).map_err(|says| format!("the variable {name}: {says}"))
}

pub(super) const NONE: &str = "it needs secret_key_file, secret_key_env or secret_key";
pub(super) const MANY: &str = "it takes one of secret_key_file, secret_key_env and secret_key";
const NOT_ONE: &str = "it holds no SecretKey: one is of ASCII letters, digits and signs, without spaces";

pub(super) fn checked(secret: &Secret) -> Result<(), String> {
    let text = secret.reveal();
    if text.is_empty() {
        Err("it is empty".into())
    } else if text.bytes().all(|b| b.is_ascii_graphic()) {
        Ok(())
    } else {
        Err(NOT_ONE.into())
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn in_file(content: &[u8]) -> Key {
        let path = env::temp_dir().join(format!("coswhy-key-{}", ulid::Ulid::generate()));
        std::fs::write(&path, content).unwrap();
        Key { secret_id: "AKIDx".into(), secret_key_file: Some(path), ..Key::default() }
    }

    fn read_and_removed(key: &Key) -> Result<String, String> {
        let result = key.secret().map(|secret| secret.reveal().to_owned());
        let path = key.secret_key_file.clone().unwrap();
        let _ = std::fs::remove_file(&path);
        result.map_err(|says| says.replace(&*path.to_string_lossy(), "FILE"))
    }

    #[test]
    fn a_file_holds_the_key_and_perhaps_the_end_of_a_line() {
        for content in ["Abc+/=9", "Abc+/=9\n", "Abc+/=9\r\n"] {
            assert_eq!(read_and_removed(&in_file(content.as_bytes())).unwrap(), "Abc+/=9");
        }
    }

    #[test]
    fn a_file_that_holds_no_key_is_told_without_its_content() {
        for content in ["two words", "hunter2\n\n", "SecretKey: hunter2\n", "sëcret"] {
            let says = read_and_removed(&in_file(content.as_bytes())).unwrap_err();
            assert_eq!(says, format!("secret_key_file: FILE: {NOT_ONE}"));
        }
        assert_eq!(read_and_removed(&in_file(b"\n")).unwrap_err(), "secret_key_file: FILE: it is empty");
        assert_eq!(
            read_and_removed(&in_file(&[b'x'; 5000])).unwrap_err(),
            "secret_key_file: FILE: longer than any SecretKey"
        );
        let missing = Key { secret_key_file: Some(PathBuf::from("no/such/file")), ..Key::default() };
        let says = missing.secret().unwrap_err();
        assert!(says.starts_with("secret_key_file: cannot open that file: "), "{says}");
    }

    #[test]
    fn a_variable_holds_the_key() {
        let named = |name: &str| Key { secret_key_env: Some(name.into()), ..Key::default() };
        assert_eq!(named("CARGO_PKG_NAME").secret().unwrap().reveal(), "coswhy");
        assert_eq!(
            named("COSWHY_NO_SUCH").secret().unwrap_err(),
            "secret_key_env: the environment has no variable of that name"
        );
    }

    #[test]
    fn there_is_one_place_to_look() {
        let plain = Key { secret_key: Some(Secret::new("hunter2".into())), ..Key::default() };
        assert_eq!(plain.secret().unwrap().reveal(), "hunter2");
        assert!(Key::default().secret().unwrap_err().starts_with("it needs "));
        let two = Key { secret_key_env: Some("PATH".into()), ..plain };
        assert!(two.secret().unwrap_err().starts_with("it takes one of "));
    }

    #[test]
    fn a_key_pair_shows_itself_to_nobody() {
        let key = Key {
            secret_id: "AKIDabcdefghijklmnop".into(),
            secret_key: Some(Secret::new("hunter2".into())),
            ..Key::default()
        };
        let shown = format!("{key:?} {}", serde_json::to_string(&key).unwrap());
        assert!(!shown.contains("hunter2") && !shown.contains("abcdefgh"), "{shown}");
        assert_eq!(shown.matches("AKIDabcd…mnop").count(), 2, "{shown}");
    }
}
