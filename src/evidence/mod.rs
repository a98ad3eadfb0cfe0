//! Reads what people have at hand (HAR, curl output, exceptions, log lines) into an `Exchange`.
