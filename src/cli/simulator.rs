//! `coswhy simulator`: the demo's small COS by itself.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::simulator::{Options, Simulator, Tls, buckets, keys, tls};

/// Serve a small COS in memory, for the demo and for tests. Its keys are public and what is put there is gone when
/// it ends: it is no place for data.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to listen for plain HTTP
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8081")]
    listen: SocketAddr,
    /// Where to listen for HTTPS
    #[arg(long, value_name = "ADDR", requires = "cert", requires = "key")]
    tls_listen: Option<SocketAddr>,
    /// Certificate chain (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_listen")]
    cert: Option<PathBuf>,
    /// The certificate's private key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_listen")]
    key: Option<PathBuf>,
    /// Seconds that its clock is ahead of this machine's
    #[arg(long, value_name = "SECONDS", default_value_t = 0, allow_negative_numbers = true)]
    clock_offset: i64,
}

/// Runs the simulator until it is interrupted.
#[must_use]
pub fn run(args: Args) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime.and_then(|runtime| runtime.block_on(serve(args))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(args: Args) -> io::Result<()> {
    let options = options(args)?;
    let simulator = Simulator::start(options).await?;
    // who started it may have closed its end
    let _ = announce(&simulator, &mut io::stdout().lock());
    let _ = tokio::signal::ctrl_c().await;
    simulator.stop().await;
    Ok(())
}

fn options(args: Args) -> io::Result<Options> {
    let mut options = Options { listen: args.listen, ..Options::default() };
    options.clock.set_offset(args.clock_offset);
    if let (Some(listen), Some(cert), Some(key)) = (args.tls_listen, args.cert, args.key) {
        options.tls = Some(Tls { listen, config: tls::from_files(&cert, &key)? });
    }
    Ok(options)
}

fn announce(simulator: &Simulator, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "A small COS for the demo and for tests listens on http://{}", simulator.http)?;
    if let Some(https) = simulator.https {
        writeln!(out, "and on https://{https}")?;
    }
    writeln!(out, "\nKeys, known to everybody:")?;
    for (name, (id, key), token) in [
        ("owner", keys::OWNER, None),
        ("sub-account (reads shared/)", keys::SUB_ACCOUNT, None),
        ("temporary", keys::TEMPORARY, Some(keys::TOKEN)),
        ("temporary (reads)", keys::TEMPORARY_READER, Some(keys::TOKEN)),
        ("temporary (expired)", keys::TEMPORARY_EXPIRED, Some(keys::TOKEN)),
    ] {
        writeln!(out, "  {name}\n    SecretId  {id}\n    SecretKey {key}")?;
        if let Some(token) = token {
            writeln!(out, "    token     {token}")?;
        }
    }
    writeln!(out, "\nBuckets in {}, each also with page- before its name:", buckets::REGION)?;
    for (name, what) in buckets::NAMES {
        writeln!(out, "  {name}-{}: {what}", buckets::APPID)?;
    }
    let host = format!("public-{}.cos.{}.myqcloud.com", buckets::APPID, buckets::REGION);
    writeln!(out, "\nTry: curl --connect-to ::{} http://{host}/hello.txt", simulator.http)?;
    out.flush()
}
