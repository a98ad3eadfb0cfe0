"""Clients that no registry here has: what their sources say. `source`: the client has a setting for that way, not tried."""

SOURCE_ROWS = {
}
