//! How each client is told to trust the CA, with commands that can be pasted.

use std::io::{self, Write};
use std::path::Path;

/// Prints it all; `cert` is the CA's certificate, `folder` where it is.
pub(super) fn explain(cert: &Path, folder: &Path, out: &mut dyn Write) -> io::Result<()> {
    let bundle = word(&folder.join("bundle.pem"));
    let store = word(&folder.join("cacerts"));
    let cert = word(cert);
    write!(
        out,
        "\
Clients have to trust the certificate, each in its own way:
  curl
    curl --cacert {cert} …
  Python (COS SDK, coscmd, requests), aws-cli and boto3
    These two variables replace the list of trusted CAs, they do not add to it: combine the two first.
    cat \"$(python3 -m certifi)\" {cert} > {bundle}
    export REQUESTS_CA_BUNDLE={bundle} AWS_CA_BUNDLE={bundle}
  Node.js
    export NODE_EXTRA_CA_CERTS={cert}
  Go (COS SDK, coscli, rclone), and what else uses OpenSSL's defaults
    export SSL_CERT_FILE={bundle}
  Java
    Java lets a CA in its store vouch for any name, whatever the CA is limited to: give this store to the programs
    that use coswhy, not to the whole machine.
    cp \"$JAVA_HOME/lib/security/cacerts\" {store} && chmod u+w {store}
    keytool -importcert -noprompt -alias coswhy -file {cert} -keystore {store} -storepass changeit
    java -Djavax.net.ssl.trustStore={store} …
  Debian, Ubuntu (all that uses the system's list)
    sudo cp {cert} /usr/local/share/ca-certificates/coswhy.crt && sudo update-ca-certificates
  Fedora, RHEL
    sudo cp {cert} /etc/pki/ca-trust/source/anchors/coswhy.pem && sudo update-ca-trust
  macOS, with Safari and Chrome
    sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain {cert}
  Windows, with Edge and Chrome
    certutil -user -addstore Root ca.pem
  Chrome on Linux
    certutil -d sql:\"$HOME/.pki/nssdb\" -A -t C,, -n coswhy -i {cert}
  Firefox
    Settings, Privacy & Security, View Certificates, Authorities, Import
"
    )
}

/// A path as one word of a POSIX shell, quoted where it has to be.
fn word(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,@%".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_one_word() {
        assert_eq!(word(Path::new("/etc/coswhy/ca.pem")), "/etc/coswhy/ca.pem");
        assert_eq!(word(Path::new("/home/a b/it's")), r"'/home/a b/it'\''s'");
    }
}
