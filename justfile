# A job each: `just JOB`. Without just (https://just.systems), type the line beneath the name.

# what there is
default:
    @just --list

# see it work: every cause against a simulated COS
demo:
    cargo run --release -- demo

# the proxy, on 127.0.0.1:8080
serve *options:
    cargo run --release -- serve {{options}}

# everything that must hold before a change lands
test:
    tests/run

# the tests that need nothing but Rust
test-rust:
    cargo test

# the real SDKs and curl through the proxy
test-clients:
    tests/run clients

# the inspector in Chromium
test-browser:
    tests/run browser

# the same exchanges against real COS (see tests/live/README.md)
test-live:
    tests/run live

# how the code is written
lint:
    cargo fmt --check
    cargo clippy --all-targets --locked -- -D warnings

# licences, duplicate versions, sources of the dependencies (cargo install cargo-deny)
deny:
    cargo deny check bans licenses sources

# accept changed snapshots after looking at them (cargo install cargo-insta)
snapshots:
    cargo insta review

# how long a diagnosis takes
bench:
    cargo bench

# coswhy beside nginx, the tables of docs/performance.md
compare *options:
    cargo build --release --locked
    benches/compare {{options}}

# frames a second of the inspector while failures come
frames *options:
    cargo build --release --locked
    benches/inspector.mjs {{options}}

# where coswhy's time goes under load
profile *options:
    cargo build --release --locked
    benches/profile {{options}}

# a parser against random input for a minute (cargo install cargo-fuzz, a nightly Rust)
fuzz target seconds="60":
    cargo +nightly fuzz run {{target}} -- -max_total_time={{seconds}}

# the container image
image:
    docker build -t coswhy .

# what a release consists of, in target/dist (see docs/releasing.md)
release *parts:
    deploy/release {{parts}}
