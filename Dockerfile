# A static binary in an image that holds nothing else: the binary, the certificate authorities, the licence.
#
#   docker build -t coswhy .
#   docker run --rm -p 127.0.0.1:8080:8080 -e COSWHY_UPSTREAM__ALLOWED_BUCKETS__0='*-1250000000' coswhy
#
# In a container coswhy must listen on every address to be reachable at all, and it does not do so before
# upstream.allowed_buckets says which buckets may be asked for: without the -e above it stops and says why.
# The admin listener stays on the container's loopback address; set COSWHY_ADMIN__LISTEN and COSWHY_ADMIN__TOKEN to
# open it.

# Any Debian with Rust 1.95 or later and ca-certificates; a mirror or a pinned digest goes here.
ARG RUST_IMAGE=rust:1.95-bookworm

FROM ${RUST_IMAGE} AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY src src
COPY config config
COPY benches benches
# With the C library inside, and random numbers from the kernel's call, not from /dev. The target is named so that build
# scripts are not built so too.
RUN RUSTFLAGS='-C target-feature=+crt-static --cfg getrandom_backend="linux_getrandom"' \
    cargo build --release --locked --bin coswhy --target "$(uname -m)-unknown-linux-gnu" && \
    strip -o /coswhy "target/$(uname -m)-unknown-linux-gnu/release/coswhy"

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /coswhy /coswhy
COPY LICENSE /LICENSE
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
    COSWHY__LISTEN=0.0.0.0:8080
# Nobody's id, written as a number: Kubernetes' runAsNonRoot can't check a name, and scratch has no names.
USER 65532:65532
EXPOSE 8080 9180
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s CMD ["/coswhy", "healthcheck"]
ENTRYPOINT ["/coswhy"]
CMD ["serve"]
