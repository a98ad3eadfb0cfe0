//! The PROXY protocol, versions 1 and 2: what a balancer says of the connection that it passes on, before that
//! connection's first byte (https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt, sections 2.1 and 2.2).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The longest header that is read: addresses take 216 bytes at most, the rest is what a balancer adds (TLVs).
pub const LARGEST: usize = 4096;
/// With the end of the line.
const LARGEST_LINE: usize = 107;
const LINE: &[u8] = b"PROXY ";
const SIGNATURE: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";

/// A header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Its bytes.
    pub length: usize,
    /// `None`: the balancer speaks for itself (a health check), or does not know, or it is no TCP client.
    pub client: Option<SocketAddr>,
}

/// Why it is no such header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(&'static str);

/// Reads a connection's first bytes; `None`: all of them belong to a header that has not come whole.
///
/// # Errors
/// Where they begin no header.
pub fn parse(bytes: &[u8]) -> Result<Option<Header>, Malformed> {
    if begins(bytes, LINE) {
        line(bytes)
    } else if begins(bytes, SIGNATURE) {
        binary(bytes)
    } else {
        Err(Malformed("there is none"))
    }
}

/// Whether the bytes are the mark, more of it than not yet come, or go on after it.
fn begins(bytes: &[u8], mark: &[u8]) -> bool {
    bytes.iter().zip(mark).all(|(one, other)| one == other)
}

/// Version 1: `PROXY TCP4 192.0.2.7 198.51.100.1 51234 443` and the end of a line.
fn line(bytes: &[u8]) -> Result<Option<Header>, Malformed> {
    let seen = bytes.get(..LARGEST_LINE).unwrap_or(bytes);
    let Some(end) = seen.iter().position(|byte| *byte == b'\n') else {
        return if seen.len() < LARGEST_LINE { Ok(None) } else { Err(Malformed("its line has no end")) };
    };
    let text = seen.get(..end).and_then(|line| line.strip_suffix(b"\r"));
    let text =
        text.and_then(|line| std::str::from_utf8(line).ok()).ok_or(Malformed("its line is no text"))?;
    let words: Vec<&str> = text.split(' ').collect();
    let client = match *words {
        // What else stands there says nothing, by the specification.
        [_, "UNKNOWN", ..] => None,
        [_, family, from, to, from_port, to_port] => {
            let (from, to) = (endpoint(from, from_port)?, endpoint(to, to_port)?);
            let fits = match family {
                "TCP4" => from.is_ipv4() && to.is_ipv4(),
                "TCP6" => from.is_ipv6() && to.is_ipv6(),
                _ => false,
            };
            Some(from).filter(|_| fits).map(Some).ok_or(Malformed("its addresses are not of its family"))?
        }
        _ => return Err(Malformed("its line has not six words")),
    };
    Ok(Some(Header { length: end + 1, client }))
}

fn endpoint(ip: &str, port: &str) -> Result<SocketAddr, Malformed> {
    let ip: IpAddr = ip.parse().map_err(|_| Malformed("an address of its is none"))?;
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    let port = port.parse().ok().filter(|_| digits).ok_or(Malformed("a port of its is none"))?;
    Ok(SocketAddr::new(ip, port))
}

/// Version 2: the signature, version and command, family and protocol, the length of the rest; then the addresses, and
/// whatever the balancer adds.
fn binary(bytes: &[u8]) -> Result<Option<Header>, Malformed> {
    let Some([command, family, high, low]) = bytes.get(12..).and_then(<[u8]>::first_chunk) else {
        return Ok(None);
    };
    let length = 16 + usize::from(u16::from_be_bytes([*high, *low]));
    if length > LARGEST {
        return Err(Malformed("it is longer than any has to be"));
    }
    let is_local = match command {
        0x20 => true,
        0x21 => false,
        _ => return Err(Malformed("its version or command is unknown")),
    };
    if family >> 4 > 3 || family & 15 > 2 {
        return Err(Malformed("its family or protocol is unknown"));
    }
    let Some(rest) = bytes.get(16..length) else { return Ok(None) };
    let client = match family {
        _ if is_local => None,
        0x11 => Some(ipv4(rest).ok_or(Malformed("it ends inside its addresses"))?),
        0x21 => Some(ipv6(rest).ok_or(Malformed("it ends inside its addresses"))?),
        _ => None,
    };
    Ok(Some(Header { length, client }))
}

/// Both addresses, then both ports.
fn ipv4(rest: &[u8]) -> Option<SocketAddr> {
    let from: [u8; 4] = *rest.first_chunk()?;
    let [high, low, _, _] = *rest.get(8..)?.first_chunk()?;
    Some(SocketAddr::from((Ipv4Addr::from(from), u16::from_be_bytes([high, low]))))
}

fn ipv6(rest: &[u8]) -> Option<SocketAddr> {
    let from: [u8; 16] = *rest.first_chunk()?;
    let [high, low, _, _] = *rest.get(32..)?.first_chunk()?;
    Some(SocketAddr::from((Ipv6Addr::from(from), u16::from_be_bytes([high, low]))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v2(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
        let length = u16::try_from(rest.len()).unwrap().to_be_bytes();
        [SIGNATURE, &[command, family], &length, rest].concat()
    }

    fn addresses() -> Vec<u8> {
        [&[192, 0, 2, 7, 198, 51, 100, 1][..], &51234_u16.to_be_bytes(), &443_u16.to_be_bytes()].concat()
    }

    fn client(bytes: &[u8]) -> Option<String> {
        let header = parse(&[bytes, b"GET / HTTP/1.1\r\n"].concat()).unwrap().unwrap();
        assert_eq!(header.length, bytes.len());
        header.client.map(|client| client.to_string())
    }

    #[test]
    fn a_line_tells_the_client() {
        for (line, expected) in [
            ("PROXY TCP4 192.0.2.7 198.51.100.1 51234 443\r\n", Some("192.0.2.7:51234")),
            ("PROXY TCP6 2001:db8::7 2001:db8::1 51234 443\r\n", Some("[2001:db8::7]:51234")),
            ("PROXY UNKNOWN\r\n", None),
            ("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n", None),
        ] {
            assert_eq!(client(line.as_bytes()).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn a_binary_header_tells_the_client_and_what_is_added_is_passed_over() {
        let tlv = [0xee, 0, 3, 1, 2, 3];
        assert_eq!(client(&v2(0x21, 0x11, &addresses())).as_deref(), Some("192.0.2.7:51234"));
        let added = [addresses(), tlv.repeat(100)].concat();
        assert_eq!(client(&v2(0x21, 0x11, &added)).as_deref(), Some("192.0.2.7:51234"));
        let from: Ipv6Addr = "2001:db8::7".parse().unwrap();
        let six = [&from.octets()[..], &[0; 16], &[200, 34, 1, 187], &tlv].concat();
        assert_eq!(client(&v2(0x21, 0x21, &six)).as_deref(), Some("[2001:db8::7]:51234"));
        // LOCAL, UNSPEC, UNIX, UDP
        for (command, family) in [(0x20, 0x11), (0x20, 0x00), (0x21, 0x00), (0x21, 0x31), (0x21, 0x12)] {
            assert_eq!(client(&v2(command, family, &[7; 216])), None, "{command:x} {family:x}");
        }
        assert_eq!(client(&v2(0x20, 0, &[])), None);
    }

    #[test]
    fn of_a_header_that_has_not_come_whole_everything_belongs_to_it() {
        let line = b"PROXY TCP4 192.0.2.7 198.51.100.1 51234 443\r\n".to_vec();
        for whole in [line, v2(0x21, 0x11, &addresses())] {
            for end in 0..whole.len() {
                assert_eq!(parse(&whole[..end]), Ok(None), "{end}");
            }
        }
    }

    #[test]
    fn anything_else_is_malformed() {
        let long = format!("PROXY UNKNOWN {}\r\n", "x".repeat(120));
        for line in [
            "GET / HTTP/1.1\r\n",
            "PROXX",
            "\r\n\r\n\r\n",
            "PROXY TCP4 192.0.2.7 198.51.100.1 51234\r\n",
            "PROXY TCP4 192.0.2.7 198.51.100.1 51234 443 1\r\n",
            "PROXY TCP4  192.0.2.7 198.51.100.1 51234 443\r\n",
            "PROXY TCP4 2001:db8::7 2001:db8::1 51234 443\r\n",
            "PROXY TCP6 192.0.2.7 198.51.100.1 51234 443\r\n",
            "PROXY UDP4 192.0.2.7 198.51.100.1 51234 443\r\n",
            "PROXY TCP4 192.0.2.7 198.51.100.1 +51234 443\r\n",
            "PROXY TCP4 192.0.2.7 198.51.100.1 65536 443\r\n",
            "PROXY TCP4 192.0.2.7 198.51.100.1 51234 443\n",
            "PROXY TCP4 192.0.2 198.51.100.1 51234 443\r\n",
            "PROXY \r\n",
            &long,
        ] {
            assert!(parse(line.as_bytes()).is_err(), "{line}");
        }
        let rest = addresses();
        for bytes in [
            v2(0x11, 0x11, &rest),
            v2(0x22, 0x11, &rest),
            v2(0x21, 0x41, &rest),
            v2(0x21, 0x13, &rest),
            v2(0x21, 0x11, &rest[..11]),
            v2(0x21, 0x21, &rest),
            v2(0x20, 0, &[0; LARGEST]),
        ] {
            assert!(parse(&bytes).is_err(), "{bytes:?}");
        }
    }
}
