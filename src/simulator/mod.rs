//! A small COS for `demo` and the tests, built on `cos`.
