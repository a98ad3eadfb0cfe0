//! Settings that do not hold up, and who may not reload: everything stays as it was, and is said to.

use serde_json::Value;

use crate::harness::{Proxy, Upstream, get, ok};

fn metric(proxy: &Proxy, name: &str) -> String {
    let text = proxy.ask_admin("/metrics").unwrap().text();
    let found = text.lines().find_map(|line| line.strip_prefix(name).map(str::trim));
    found.unwrap_or_else(|| panic!("{name} in {text}")).to_owned()
}

#[test]
fn a_bad_file_changes_nothing_and_is_told_everywhere() {
    let (old, new) = (Upstream::answering(ok("old")), Upstream::answering(ok("")));
    let proxy = Proxy::before(&old, "");
    let url = format!("upstream.url = \"http://{}\"", new.address);
    proxy.configure(&format!("{url}\n[listener]\nidle_timeout = \"soon\""));
    let answer = proxy.ask_to_reload("");
    assert_eq!(answer.status, 422);
    assert_eq!(answer.head.get("content-type"), Some("application/problem+json"));
    let problem: Value = serde_json::from_str(&answer.text()).unwrap();
    let error = problem["errors"][0].as_str().unwrap();
    assert!(error.contains("coswhy.toml:6:") && error.contains("listener.idle_timeout"), "{error}");
    let logged = proxy.own_lines(1, "not reloaded");
    assert!(logged[0].contains("\"level\":\"ERROR\""), "{logged:?}");
    assert!(
        logged[0].contains("coswhy.toml:6:") && logged[0].contains("listener.idle_timeout"),
        "{logged:?}"
    );
    assert_eq!(metric(&proxy, "coswhy_config_reloads_total{result=\"failed\"}"), "1");
    assert_eq!(metric(&proxy, "coswhy_config_last_reload_successful"), "0");
    assert_eq!(proxy.exchange(get("/key", "")).text(), "old");
    let command = proxy.reload_command(&[]);
    assert_eq!(command.status.code(), Some(2));
    let said = String::from_utf8(command.stderr).unwrap();
    assert!(said.contains("coswhy.toml:6:") && said.contains("listener.idle_timeout"), "{said}");
    assert_eq!(
        metric(&proxy, "coswhy_config_reloads_total{result=\"failed\"}"),
        "2",
        "the command asked as well"
    );

    proxy.configure(&url);
    let command = proxy.reload_command(&[]);
    assert_eq!(command.status.code(), Some(0), "{command:?}");
    assert_eq!(String::from_utf8(command.stdout).unwrap(), "reloaded; changed: upstream.url\n");
    assert_eq!(metric(&proxy, "coswhy_config_last_reload_successful"), "1");
    assert_eq!(metric(&proxy, "coswhy_config_reloads_total{result=\"ok\"}"), "1");
}

#[test]
fn one_bad_part_keeps_all_others_as_they_were() {
    let (old, new) = (Upstream::answering(ok("old")), Upstream::answering(ok("new")));
    let proxy = Proxy::before(&old, "");
    let file = |name: &str, content: &str| proxy.directory.write(name, content).display().to_string();
    let rules = file(
        "rules.toml",
        "[[rule]]\nid = \"mine\"\nwhen = 'nonsense.fact == 1'\nconfidence = \"certain\"\n\
         [rule.en]\ntitle = \"x\"\nsummary = \"x\"\n",
    );
    let ca = file("ca.pem", "no certificate");
    let bad = [
        (format!("diagnosis.rules = [\"{rules}\"]"), "rules.toml:3"),
        (format!("upstream.ca_file = \"{ca}\""), "upstream.ca_file"),
        (format!("intercept.ca_cert = \"{ca}\"\nintercept.ca_key = \"{ca}\""), "intercept.ca_cert"),
        ("[[keys]]\nsecret_id = \"AKIDx\"\nsecret_key_file = \"no/such/file\"".to_owned(), "secret_key_file"),
        ("[[route]]\nbucket = \"b-1250000000\"\nurl = \"ftp://x\"".to_owned(), "route[0].url"),
        ("log.level = \"coswhy=loud\"".to_owned(), "log.level"),
    ];
    for (settings, named) in bad {
        proxy.configure(&format!("upstream.url = \"http://{}\"\n{settings}", new.address));
        let answer = proxy.ask_to_reload("");
        assert_eq!(answer.status, 422, "{settings}: {}", answer.text());
        assert!(answer.text().contains(named), "{settings}: {}", answer.text());
        assert_eq!(proxy.exchange(get("/key", "")).text(), "old");
    }
}

#[test]
fn an_address_that_stays_keeps_its_guard() {
    let upstream = Upstream::answering(ok(""));
    let url = format!("upstream.url = \"http://{}\"", upstream.address);
    let address = std::net::SocketAddr::from(([0, 0, 0, 0], crate::harness::free_port()));
    let allowed = "upstream.allowed_buckets = [\"examplebucket-1250000000\"]";
    let proxy = Proxy::listening(address, &format!("{url}\n{allowed}"));
    let near = std::net::SocketAddr::from(([127, 0, 0, 1], address.port()));
    proxy.directory.configure(near, proxy.admin, &url);
    let answer = proxy.ask_to_reload("");
    assert_eq!(answer.status, 422, "without a restart it listens on every address: {}", answer.text());
    assert!(answer.text().contains("allowed_buckets"), "{}", answer.text());
}

#[test]
fn web_pages_and_strangers_may_not_reload() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    assert_eq!(proxy.ask_to_reload("Origin: http://evil.example\r\n").status, 403);
    let get = proxy.ask_admin("/reload").unwrap();
    assert_eq!((get.status, get.head.get("allow")), (405, Some("POST")));

    // Who asks through a proxy on this machine is not a program on this machine.
    for through in ["X-Forwarded-For: 192.0.2.1", "Forwarded: for=192.0.2.1", "Via: 1.1 nginx"] {
        let asks = |token: &str| format!("{through}\r\nAuthorization: Bearer {token}\r\n");
        proxy.change(&upstream, "");
        assert_eq!(proxy.ask_to_reload(&asks("none")).status, 403, "{through}");
        proxy.change(&upstream, "admin.token = \"first-token-of-the-test\"");
        assert_eq!(proxy.ask_to_reload(&asks("wrong")).status, 401, "{through}");
        assert_eq!(proxy.ask_to_reload(&asks("first-token-of-the-test")).status, 200, "{through}");
        let url = format!("upstream.url = \"http://{}\"", upstream.address);
        proxy.configure(&format!("{url}\nadmin.token = \"second-token-of-the-test\""));
        let answer = proxy.ask_to_reload(&asks("first-token-of-the-test"));
        assert!(answer.status == 200 && answer.text().contains("\"admin.token\""), "{}", answer.text());
        assert_eq!(proxy.ask_to_reload(&asks("first-token-of-the-test")).status, 401);
    }
    assert_eq!(proxy.ask_to_reload("").status, 200, "a program on this machine needs no token");
    assert_eq!(proxy.reload_command(&[]).status.code(), Some(0), "the command takes the token of the file");
    assert!(proxy.own_lines(0, "of-the-test").is_empty(), "no token in the log");
}

#[test]
fn the_command_says_where_nobody_answers() {
    let proxy = Proxy::before(&Upstream::answering(ok("")), "");
    let nobody = format!("http://127.0.0.1:{}", crate::harness::free_port());
    let command = proxy.reload_command(&["--admin", &nobody]);
    assert_eq!(command.status.code(), Some(1));
    assert!(String::from_utf8(command.stderr).unwrap().contains(&nobody));
}

/// The default address may be another one's.
#[test]
fn the_command_asks_nobody_where_the_file_does_not_tell_whom() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    proxy.configure("log.level = 'info");
    let command = proxy.reload_command(&[]);
    assert_eq!(
        command.status.code(),
        Some(2),
        "the proxy itself says what is wrong with the rest of its file"
    );
    assert_eq!(proxy.own_lines(1, "coswhy.toml").len(), 1, "and it is in its log");

    proxy.directory.write("coswhy.toml", "admin.listen = \n");
    let command = proxy.reload_command(&[]);
    let says = String::from_utf8(command.stderr).unwrap();
    assert_eq!(command.status.code(), Some(2), "{says}");
    assert!(says.contains("coswhy.toml:1") && says.contains("--admin"), "{says}");
    let admin = format!("http://{}", proxy.admin);
    assert_eq!(proxy.reload_command(&["--admin", &admin]).status.code(), Some(2));
}
