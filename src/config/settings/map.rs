//! `[[map]]`: addresses of this proxy that stand for a bucket, or for the path-style address of a region.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One address.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// The Host of the requests it is about: `files.internal`, with a port to hold for that port alone, `*` for any.
    pub host: String,
    /// The region of the bucket.
    pub region: String,
    /// The bucket, with its APPID. Not set: requests there are path style, `/BUCKET-APPID/key`.
    pub bucket: Option<String>,
}
