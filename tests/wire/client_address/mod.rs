//! Whose request it is: by a PROXY protocol header, by `X-Forwarded-For`, and who is not believed.

mod forwarded_for;
mod proxy_header;

/// Where the tests' balancer and proxy are; everybody else comes from 127.0.0.1.
const NAMED: [u8; 4] = [127, 0, 0, 2];
