//! What COS is: endpoint, error body, signature, request id, action. No I/O, no clock.
