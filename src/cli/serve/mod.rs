//! `coswhy serve`: the proxy and its admin listener, from the settings to the last request.

mod notify;
mod reload;
mod signals;
mod sockets;

use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::sync::watch;

use self::reload::Running;
use self::signals::Heeds;
use self::sockets::Sockets;
use super::config::{Sources, report};
use super::rules::Rules;
use crate::admin;
use crate::config::{Keys, Loaded};
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
    let rules = match Rules::load(&loaded.settings.diagnosis.rules, None) {
        Ok(rules) => rules,
        Err(error) => {
            error.lines().for_each(|line| eprintln!("error: {line}"));
            return ExitCode::from(2);
        }
    };
    let sockets = match Sockets::handed_over(&loaded.settings) {
        Ok(sockets) => sockets,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    if let Err(error) = check_traces(environment) {
        eprintln!("error: {error}");
        return ExitCode::from(2);
    }
    match serve(sources, &loaded, rules, sockets) {
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

fn serve(sources: &Sources, loaded: &Loaded, rules: Rules, sockets: Sockets) -> anyhow::Result<()> {
    let settings = &loaded.settings;
    let observer =
        Observer::new(&settings.log, settings.admin.ring, settings.diagnosis.language).context("log.file")?;
    let log_level = init_tracing(&observer, &settings.log.level)?;
    observer.keep_in(&settings.store)?;
    observer.trace(environment).map_err(anyhow::Error::msg)?;
    for warning in &loaded.warnings {
        tracing::warn!("{}", warning.sentence());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let admin = match sockets.admin {
            Some(socket) => socket.set_nonblocking(true).and_then(|()| TcpListener::from_std(socket)),
            None => TcpListener::bind(settings.admin.listen).await,
        };
        let admin = admin
            .with_context(|| format!("admin.listen: cannot listen on {}", settings.admin.listen))?;
        let admin_address = admin.local_addr()?;
        let server = Server::on(
            (sockets.plain, sockets.tls),
            settings,
            Arc::clone(&rules.engine),
            observer.clone(),
            &[admin_address],
        )?;
        let draining = Draining::new();
        let ready = Arc::new(AtomicBool::new(true));
        let (admin_settings, in_force) = watch::channel(admin::InForce {
            settings: settings.admin.clone(),
            engine: Arc::clone(&rules.engine),
            keys: Arc::new(Keys::new(&settings.keys).map_err(anyhow::Error::msg)?),
            language: settings.diagnosis.language,
        });
        let reload = reload::heed(Running {
            sources: sources.clone(),
            rules,
            proxy: server.reloader(),
            observer: observer.clone(),
            log_level,
            admin: admin_settings,
        });
        let state = admin::State {
            observer: observer.clone(),
            in_force,
            reload: Some(reload.clone()),
            proxy: Some(server.local_addr()),
            ready: Arc::clone(&ready),
        };
        tokio::spawn(admin::serve(admin, state, std::future::pending()));
        Heeds {
            draining: draining.clone(),
            ready,
            observer: observer.clone(),
            reload,
            proxy: server.reloader(),
        }
        .begin()?;
        tracing::info!(
            listen = %server.local_addr(),
            tls = server.tls_addr().map(tracing::field::display),
            admin = %admin_address,
            upstream = settings.upstream.url.as_deref().unwrap_or("the COS host that each request names, over https"),
            version = env!("CARGO_PKG_VERSION"),
            "coswhy is ready"
        );
        notify::ready("serving");
        notify::feed_watchdog(server.pulse());
        server.run(draining).await?;
        tracing::info!("coswhy has ended");
        anyhow::Ok(())
    });
    observer.flush();
    served
}
