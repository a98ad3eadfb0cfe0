//! `coswhy serve`: the proxy and its admin listener, from the settings to the last request.

use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::config::{Sources, report};
use super::rules;
use crate::admin;
use crate::config::{Keys, Loaded};
use crate::diagnosis::Engine;
use crate::observe::{Observer, check_traces, init_tracing};
use crate::proxy::{Draining, Server};

/// Runs the proxy until it is told to end.
pub fn run(sources: &Sources) -> ExitCode {
    let loaded = match sources.load() {
        Ok(loaded) => loaded,
        Err(error) => {
            let _ = report(&error, &mut io::stderr());
            return ExitCode::from(2);
        }
    };
    let engine = match rules::engine(&loaded.settings.diagnosis.rules) {
        Ok(engine) => engine,
        Err(error) => {
            error.lines().for_each(|line| eprintln!("error: {line}"));
            return ExitCode::from(2);
        }
    };
    if let Err(error) = check_traces(environment) {
        eprintln!("error: {error}");
        return ExitCode::from(2);
    }
    match serve(&loaded, engine) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("coswhy: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn serve(loaded: &Loaded, engine: Engine) -> anyhow::Result<()> {
    let settings = &loaded.settings;
    let observer =
        Observer::new(&settings.log, settings.admin.ring, settings.diagnosis.language).context("log.file")?;
    init_tracing(&observer)?;
    observer.keep_in(&settings.store)?;
    observer.trace(environment).map_err(anyhow::Error::msg)?;
    for warning in &loaded.warnings {
        tracing::warn!("{}", warning.sentence());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let admin = TcpListener::bind(settings.admin.listen)
            .await
            .with_context(|| format!("admin.listen: cannot listen on {}", settings.admin.listen))?;
        let admin_address = admin.local_addr()?;
        let engine = Arc::new(engine);
        let keys = Arc::new(Keys::new(&settings.keys).map_err(anyhow::Error::msg)?);
        let server = Server::bind(settings, Arc::clone(&engine), observer.clone(), &[admin_address])?;
        let draining = Draining::new();
        let ready = Arc::new(AtomicBool::new(true));
        tokio::spawn(admin::serve(
            admin,
            admin::State {
                observer: observer.clone(),
                settings: settings.admin.clone(),
                proxy: Some(server.local_addr()),
                engine,
                keys,
                language: settings.diagnosis.language,
                ready: Arc::clone(&ready),
            },
            std::future::pending(),
        ));
        heed_signals(draining.clone(), ready, observer.clone())?;
        tracing::info!(
            listen = %server.local_addr(),
            tls = server.tls_addr().map(tracing::field::display),
            admin = %admin_address,
            upstream = settings.upstream.url.as_deref().unwrap_or("the COS host that each request names, over https"),
            version = env!("CARGO_PKG_VERSION"),
            "coswhy is ready"
        );
        server.run(draining).await?;
        tracing::info!("coswhy has ended");
        anyhow::Ok(())
    });
    observer.flush();
    served
}

/// SIGTERM and SIGINT begin the end, a second one ends at once; SIGHUP reopens the log file.
fn heed_signals(draining: Draining, ready: Arc<AtomicBool>, observer: Observer) -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
                _ = hangup.recv() => {
                    observer.reopen_log();
                    continue;
                }
            }
            if draining.has_started() {
                observer.flush();
                std::process::exit(1);
            }
            tracing::info!("ending: requests in flight may finish; a second signal ends at once");
            ready.store(false, Relaxed);
            draining.start();
        }
    });
    Ok(())
}
