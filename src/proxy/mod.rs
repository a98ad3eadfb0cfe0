//! A request's whole way: listener -> address -> upstream -> annotate, a file a station.
