//! One end of a connection, read and written byte by byte.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::ops::DerefMut;
use std::time::Duration;

use rustls::{ConnectionCommon, SideData, StreamOwned};

use super::head::{Head, text};

/// How reading stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Closed,
    Reset,
    /// Nothing came within the read timeout; the connection may still be open.
    Silent,
}

#[derive(Debug)]
pub(crate) struct Wire<S> {
    stream: S,
    buffer: Vec<u8>,
    ended: Option<End>,
}

impl Wire<TcpStream> {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect_timeout(&address, Duration::from_secs(5)).unwrap();
        Self::over(stream)
    }

    /// From another address of this machine, as another client.
    pub(crate) fn connect_from(from: [u8; 4], address: SocketAddr) -> Self {
        let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from((from, 0)).into()).unwrap();
        socket.connect_timeout(&address.into(), Duration::from_secs(5)).unwrap();
        Self::over(socket.into())
    }

    /// Over a connected socket, with timeouts that no test should reach.
    pub(crate) fn over(stream: TcpStream) -> Self {
        patient(&stream);
        Self::new(stream)
    }

    pub(crate) fn write_timeout(&mut self, limit: Duration) {
        self.stream.set_write_timeout(Some(limit)).unwrap();
    }

    /// Closes with RST.
    pub(crate) fn reset(self) {
        let _ = socket2::SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
    }

    pub(crate) fn try_clone(&self) -> Self {
        Self::new(self.stream.try_clone().unwrap())
    }
}

/// What has a socket under it.
pub(crate) trait Socket {
    fn socket(&self) -> &TcpStream;
}

impl Socket for TcpStream {
    fn socket(&self) -> &TcpStream {
        self
    }
}

impl<C, D> Socket for StreamOwned<C, TcpStream>
where
    C: DerefMut<Target = ConnectionCommon<D>>,
    D: SideData,
{
    fn socket(&self) -> &TcpStream {
        &self.sock
    }
}

impl<S: Read + Write + Socket> Wire<S> {
    pub(crate) fn read_timeout(&mut self, limit: Duration) {
        self.stream.socket().set_read_timeout(Some(limit)).unwrap();
        if self.ended == Some(End::Silent) {
            self.ended = None;
        }
    }

    /// Whether the other side ended the connection within `limit`, whatever it still sent before.
    pub(crate) fn ends_within(&mut self, limit: Duration) -> bool {
        let end = std::time::Instant::now() + limit;
        self.read_timeout(Duration::from_millis(50));
        loop {
            self.buffer.clear();
            match self.fill() {
                Some(End::Closed | End::Reset) => return true,
                _ if std::time::Instant::now() >= end => return false,
                _ => self.read_timeout(Duration::from_millis(50)),
            }
        }
    }
}

/// Timeouts that only a hanging test meets.
pub(crate) fn patient(stream: &TcpStream) {
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.set_nodelay(true).unwrap();
}

impl<S: Read + Write> Wire<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self { stream, buffer: Vec::new(), ended: None }
    }

    pub(crate) fn inner(&self) -> &S {
        &self.stream
    }

    pub(crate) fn inner_mut(&mut self) -> &mut S {
        &mut self.stream
    }

    pub(crate) fn try_send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref())?;
        self.stream.flush()
    }

    /// Sends what must be taken.
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.try_send(bytes).expect("the other side takes it");
    }

    /// How reading stopped, once it has.
    pub(crate) fn ended(&self) -> Option<End> {
        self.ended
    }

    /// Reads once; `Some` at the end.
    pub(crate) fn fill(&mut self) -> Option<End> {
        if self.ended.is_some() {
            return self.ended;
        }
        let mut chunk = [0; 64 * 1024];
        self.ended = loop {
            match self.stream.read(&mut chunk) {
                Ok(0) => break Some(End::Closed),
                Ok(n) => {
                    self.buffer.extend_from_slice(&chunk[..n]);
                    break None;
                }
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    break Some(End::Silent);
                }
                Err(e) if e.kind() == ErrorKind::UnexpectedEof => break Some(End::Closed),
                Err(_) => break Some(End::Reset),
            }
        };
        self.ended
    }

    /// Up to and with the first empty line.
    pub(crate) fn read_head(&mut self) -> Option<Head> {
        loop {
            if let Some(at) = self.buffer.windows(4).position(|w| w == b"\r\n\r\n") {
                return Some(Head::parse(self.buffer.drain(..at + 4).collect()));
            }
            if self.fill().is_some() {
                return None;
            }
        }
    }

    /// Without its CRLF.
    pub(crate) fn read_line(&mut self) -> Option<String> {
        loop {
            if let Some(at) = self.buffer.windows(2).position(|w| w == b"\r\n") {
                let line: Vec<u8> = self.buffer.drain(..at + 2).collect();
                return Some(text(&line[..at]));
            }
            if self.fill().is_some() {
                return None;
            }
        }
    }

    /// `length` bytes, or fewer where the connection ends before.
    pub(crate) fn read_up_to(&mut self, length: usize) -> Vec<u8> {
        while self.buffer.len() < length && self.fill().is_none() {}
        self.buffer.drain(..length.min(self.buffer.len())).collect()
    }

    /// Reads `length` bytes and forgets them; says how many came.
    pub(crate) fn discard(&mut self, length: usize) -> usize {
        let mut seen = 0;
        loop {
            seen += self.buffer.len();
            self.buffer.clear();
            if seen >= length || self.fill().is_some() {
                return seen;
            }
        }
    }

    /// Everything that is still to come.
    pub(crate) fn read_to_end(&mut self) -> Vec<u8> {
        while self.fill().is_none() {}
        std::mem::take(&mut self.buffer)
    }
}
