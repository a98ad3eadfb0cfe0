//! Sockets that the service manager opened (systemd.socket(5), sd_listen_fds(3)): they outlive the process, so a restart
//! refuses nobody.

use std::net::{SocketAddr, TcpListener};

use listenfd::ListenFd;

use crate::config::Settings;

/// What each socket is for, by its name in `FileDescriptorName=`, in the order in which nameless ones are taken.
const NAMES: [&str; 3] = ["coswhy", "coswhy-tls", "coswhy-admin"];

/// The sockets that were handed over; for the others there is none.
#[derive(Debug, Default)]
pub(super) struct Sockets {
    pub(super) plain: Option<TcpListener>,
    pub(super) tls: Option<TcpListener>,
    pub(super) admin: Option<TcpListener>,
}

impl Sockets {
    /// Takes what was handed over, by name, by address, or in order, and the variables that tell of it out of the
    /// environment: to be called before there are threads.
    ///
    /// # Errors
    /// Where a socket is not one that the settings know: who may come in is checked against their addresses.
    pub(super) fn handed_over(settings: &Settings) -> Result<Self, String> {
        let names = std::env::var("LISTEN_FDNAMES").unwrap_or_default();
        let mut handed = ListenFd::from_env();
        let mut this = Self::default();
        for (number, name) in (0..handed.len()).zip(names.split(':').chain(std::iter::repeat(""))) {
            let wrong = |says: String| format!("the socket {number} that was handed over ({name:?}): {says}");
            let socket = handed.take_tcp_listener(number).map_err(|error| wrong(error.to_string()))?;
            let Some(socket) = socket else { continue };
            let address = socket.local_addr().map_err(|error| wrong(error.to_string()))?;
            let wanted = [
                ("listen", Some(settings.listen)),
                ("tls.listen", settings.tls.listen),
                ("admin.listen", Some(settings.admin.listen)),
            ];
            let places = [&mut this.plain, &mut this.tls, &mut this.admin];
            let by_name = NAMES.iter().position(|known| *known == name);
            let by_address =
                || wanted.iter().position(|(_, listen)| listen.is_some_and(|listen| fits(listen, address)));
            let chosen = by_name.or_else(by_address).unwrap_or(number);
            let Some(((setting, listen), place)) = wanted.into_iter().zip(places).nth(chosen) else {
                return Err(wrong(format!("{address} is the address of no setting")));
            };
            match listen {
                Some(listen) if fits(listen, address) => {}
                Some(listen) => {
                    return Err(wrong(format!("it listens on {address}, and {setting} is {listen}")));
                }
                None => return Err(wrong(format!("it is for {setting}, which is not set"))),
            }
            if place.replace(socket).is_some() {
                return Err(wrong(format!("it is the second for {setting}")));
            }
        }
        Ok(this)
    }
}

/// Port 0 leaves the port to whoever opens the socket.
fn fits(listen: SocketAddr, address: SocketAddr) -> bool {
    listen.ip().to_canonical() == address.ip().to_canonical()
        && (listen.port() == address.port() || listen.port() == 0)
}
