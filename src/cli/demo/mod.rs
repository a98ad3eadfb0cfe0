//! `coswhy demo`: the simulator and the proxy on free ports, a real request for each cause, each explained.

mod cases;
mod request;
mod show;

use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use self::request::Request;
use self::show::Answer;
use crate::admin;
use crate::config::settings::{Key, Language};
use crate::config::{Keys, Secret, Settings};
use crate::diagnosis::Engine;
use crate::observe::log::Format;
use crate::observe::{Observer, Sink};
use crate::proxy::{Draining, Server};
use crate::simulator::keys::OWNER;
use crate::simulator::{Options, Simulator};

/// Show every cause against a simulated COS, then stay up to be tried by hand
#[derive(Debug, clap::Args)]
pub struct Args {
    /// End after the requests; exit code 0 if each got the cause that it should
    #[arg(long)]
    once: bool,
}

/// Runs the demo.
#[must_use]
pub fn run(args: &Args) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime.context("runtime").and_then(|runtime| runtime.block_on(demo(args.once))) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("coswhy: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The parts that are up.
struct Stage {
    proxy: SocketAddr,
    admin: SocketAddr,
    observer: Observer,
    /// The log is shown from the moment that visitors may try.
    shows_log: Arc<AtomicBool>,
    draining: Draining,
    _simulator: Simulator,
}

async fn demo(once: bool) -> anyhow::Result<bool> {
    let stage = Stage::start().await?;
    let colour = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let right = stage.tour(colour).await?;
    if once {
        return Ok(right);
    }
    stage.invite(&mut io::stdout())?;
    stage.shows_log.store(true, Relaxed);
    tokio::signal::ctrl_c().await?;
    stage.draining.start();
    Ok(right)
}

impl Stage {
    async fn start() -> anyhow::Result<Self> {
        let simulator = Simulator::start(Options::default()).await.context("the simulator")?;
        let mut settings = Settings::default();
        let free = SocketAddr::from(([127, 0, 0, 1], 0));
        settings.listen = free;
        settings.admin.listen = free;
        settings.upstream.url = Some(format!("http://{}", simulator.http));
        // A missing key is often a normal answer; here it is one of the things to be shown.
        settings.diagnosis.statuses.push(404);
        settings.runtime.threads = Some(1);
        // With the owner's key it can tell what was signed in place of what was sent.
        let secret_key = Some(Secret::new(OWNER.1.to_owned()));
        settings.keys.push(Key { secret_id: OWNER.0.to_owned(), secret_key, ..Key::default() });

        let shows_log = Arc::new(AtomicBool::new(false));
        let sink = Sink::Writer(Box::new(Curtain(Arc::clone(&shows_log))));
        let format = Format::Pretty { colour: io::stdout().is_terminal() };
        let observer = Observer::to_sink(sink, format, settings.admin.ring, Language::En)?;
        let engine = Arc::new(Engine::builtin().map_err(|errors| anyhow::anyhow!("{errors}"))?);
        let keys = Arc::new(Keys::new(&settings.keys).map_err(anyhow::Error::msg)?);
        let admin = TcpListener::bind(free).await?;
        let admin_address = admin.local_addr()?;
        settings.admin.public_url = Some(format!("http://{admin_address}"));
        let server = Server::bind(&settings, Arc::clone(&engine), observer.clone(), &[admin_address])?;
        let proxy = server.local_addr();
        let ready = Arc::new(AtomicBool::new(true));
        let state = admin::State {
            observer: observer.clone(),
            in_force: admin::InForce { settings: settings.admin, engine, keys, language: Language::En }
                .for_good(),
            reload: None,
            proxy: Some(proxy),
            ready,
        };
        tokio::spawn(admin::serve(admin, state, std::future::pending()));
        let draining = Draining::new();
        tokio::spawn(server.run(draining.clone()));
        Ok(Self { proxy, admin: admin_address, observer, shows_log, draining, _simulator: simulator })
    }

    /// Makes every request and prints what came of it; whether each got its cause.
    async fn tour(&self, colour: bool) -> anyhow::Result<bool> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let cases = cases::all(i64::try_from(now).unwrap_or(i64::MAX));
        let mut right = 0;
        for (number, case) in cases.iter().enumerate() {
            let answer = self.ask(&case.request).await?;
            let explanation = self.explanation(answer.id()).await;
            right += usize::from(answer.cause() == case.cause);
            // A reader who has seen enough (`demo | head`) ends the demo.
            show::exchange(&mut io::stdout(), colour, number + 1, case, &answer, explanation.as_ref())?;
        }
        let total = cases.len();
        println!("{right} of {total} requests got the cause that they should have.");
        Ok(right == total)
    }

    async fn ask(&self, request: &Request) -> anyhow::Result<Answer> {
        let exchange = async {
            let mut stream = TcpStream::connect(self.proxy).await?;
            stream.write_all(&request.to_bytes()).await?;
            let mut bytes = Vec::new();
            stream.read_to_end(&mut bytes).await?;
            io::Result::Ok(bytes)
        };
        let bytes =
            timeout(Duration::from_secs(10), exchange).await.context("the proxy did not answer")??;
        Ok(Answer::read(&bytes))
    }

    /// The whole explanation, as the admin listener would give it. The record is written when the answer has
    /// ended, which its reader may learn a moment earlier.
    async fn explanation(&self, id: Option<&str>) -> Option<Value> {
        let id = id?.parse().ok()?;
        for _ in 0..50 {
            if let Some(entry) = self.observer.ring().get(id) {
                return serde_json::from_slice(&entry.whole(None)?).ok();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        None
    }

    fn invite(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { proxy, admin, .. } = self;
        let host = "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com";
        writeln!(out, "\nIt stays up. Try by hand:")?;
        writeln!(out, "  curl -i --connect-to ::{proxy} http://{host}/hello.txt")?;
        writeln!(
            out,
            "  curl -i --connect-to ::{proxy} -H 'Accept: application/json' http://{host}/hello.txt"
        )?;
        writeln!(out, "  curl http://{admin}/diagnoses")?;
        writeln!(out, "In a browser: http://{admin}/")?;
        writeln!(out, "What is refused is logged here. Ctrl-C ends it.\n")?;
        out.flush()
    }
}

/// Standard output, once it is shown.
#[derive(Debug)]
struct Curtain(Arc<AtomicBool>);

impl Write for Curtain {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.load(Relaxed) { io::stdout().write(bytes) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().flush()
    }
}
