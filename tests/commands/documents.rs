//! `coswhy man` and `coswhy completions`, read by the programs that they are for.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{coswhy, text};

/// Standard output of a program that must succeed; nothing where it is not installed.
fn output_of(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).env("MANWIDTH", "80").output().ok()?;
    assert!(output.status.success(), "{program}: {}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "", "{program} warns");
    Some(text(&output.stdout))
}

#[test]
fn every_command_has_a_man_page_that_man_shows() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("man-{}", std::process::id()));
    let folder_name = folder.to_str().unwrap();
    let output = coswhy(&["man", folder_name], "");
    assert!(output.status.success(), "{}", text(&output.stderr));
    let mut pages: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    for page in ["coswhy.1", "coswhy-serve.1", "coswhy-config-check.1", "coswhy-healthcheck.1"] {
        assert!(pages.iter().any(|name| name == page), "{page} of {pages:?}");
    }
    assert!(!pages.iter().any(|name| name.contains("help")), "{pages:?}");
    let main = fs::read_to_string(folder.join("coswhy.1")).unwrap();
    assert_eq!(text(&coswhy(&["man"], "").stdout), main);
    for page in &pages {
        let path = folder.join(page);
        let Some(shown) = output_of("man", &["--warnings", "-l", path.to_str().unwrap()]) else { break };
        assert!(shown.contains("SYNOPSIS"), "{page}: {shown}");
        if page == "coswhy.1" {
            for part in ["COSWHY_UPSTREAM__RESPONSE_TIMEOUT=5s", "EXIT STATUS", "SIGHUP", "coswhy-serve(1)"] {
                assert!(shown.contains(part), "{part}: {shown}");
            }
        }
    }
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn bash_completes_commands_and_flags() {
    let script = text(&coswhy(&["completions", "bash"], "").stdout);
    let complete = |words: &str, at: usize| {
        let asked = format!(
            "{script}\nCOMP_WORDS=({words}); COMP_CWORD={at}; _coswhy coswhy \"${{COMP_WORDS[{at}]}}\" \
             \"${{COMP_WORDS[{}]}}\"; echo \"${{COMPREPLY[@]}}\"",
            at - 1
        );
        output_of("bash", &["--norc", "-c", &asked]).unwrap()
    };
    assert_eq!(complete("coswhy ser", 1), "serve\n");
    assert_eq!(complete("coswhy serve --con", 2), "--config\n");
    assert_eq!(complete("coswhy config sch", 2), "schema\n");
    assert!(complete("coswhy ''", 1).contains("healthcheck"));
}

#[test]
fn every_shell_has_its_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = coswhy(&["completions", shell], "");
        assert!(output.status.success() && text(&output.stdout).contains("healthcheck"), "{shell}");
    }
    assert_eq!(coswhy(&["completions", "tcsh"], "").status.code(), Some(2));
    for (shell, arguments) in [("zsh", ["-n"]), ("fish", ["--no-execute"])] {
        let script =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("complete-{}.{shell}", std::process::id()));
        fs::write(&script, coswhy(&["completions", shell], "").stdout).unwrap();
        output_of(shell, &[arguments[0], script.to_str().unwrap()]);
        fs::remove_file(script).unwrap();
    }
}
