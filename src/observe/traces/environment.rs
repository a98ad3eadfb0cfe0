//! What the environment wants of traces (<https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/>
//! and <https://opentelemetry.io/docs/specs/otel/protocol/exporter/>).
//!
//! Headers, timeout, batches, sampler and resource are read by the SDK itself. Unlike there, a value that cannot be
//! understood is an error at the start, not a warning that nobody sees.

use http::Uri;

/// Spans that may wait, as the SDK has it.
const QUEUE: usize = 2048;
const SAMPLERS: [&str; 6] = [
    "always_on",
    "always_off",
    "traceidratio",
    "parentbased_always_on",
    "parentbased_always_off",
    "parentbased_traceidratio",
];

/// What a variable's value has to be.
#[derive(Debug, Clone, Copy)]
enum Expected {
    /// A whole number from 1 up.
    Count,
    Milliseconds,
    /// A number from 0 to 1.
    Share,
    /// `name=value,name=value`
    Pairs,
}

/// Those that the SDK reads itself, and puts its defaults in the place of what it cannot read.
const READ_BY_THE_SDK: &[(&[&str], Expected)] = &[
    (&["OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE"], Expected::Count),
    (
        &[
            "OTEL_BSP_SCHEDULE_DELAY",
            "OTEL_BSP_EXPORT_TIMEOUT",
            "OTEL_EXPORTER_OTLP_TIMEOUT",
            "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT",
        ],
        Expected::Milliseconds,
    ),
    (&["OTEL_TRACES_SAMPLER_ARG"], Expected::Share),
    (
        &["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_RESOURCE_ATTRIBUTES"],
        Expected::Pairs,
    ),
];

impl Expected {
    /// The value is not shown: among headers and attributes may be a token.
    fn check(self, name: &str, value: &str) -> Result<(), String> {
        let (fits, what) = match self {
            Self::Count => (value.parse::<usize>().is_ok_and(|count| count > 0), "a whole number from 1 up"),
            Self::Milliseconds => (value.parse::<u64>().is_ok(), "a whole number of milliseconds"),
            Self::Share => {
                (value.parse::<f64>().is_ok_and(|share| (0.0..=1.0).contains(&share)), "a number from 0 to 1")
            }
            Self::Pairs => (value.split(',').all(is_pair), "a list such as name=value,name=value"),
        };
        fits.then_some(()).ok_or_else(|| format!("{name}: the value is not {what}"))
    }
}

fn is_pair(pair: &str) -> bool {
    pair.split_once('=').is_some_and(|(name, _)| !name.trim().is_empty())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    Grpc,
    HttpProtobuf,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) protocol: Protocol,
    /// Spans that may wait to be sent.
    pub(super) queue: usize,
    /// Whether the environment names the service.
    pub(super) is_named: bool,
}

impl Wanted {
    pub(super) fn read(variable: &impl Fn(&str) -> Option<String>) -> Result<Option<Self>, String> {
        // An empty variable is one that is not set.
        let set = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let endpoint = |name: &str| set(name).map(|value| checked(name, &value)).transpose();
        let of_all = endpoint("OTEL_EXPORTER_OTLP_ENDPOINT")?;
        let of_traces = endpoint("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")?;
        let exporter = set("OTEL_TRACES_EXPORTER");
        let asked = match exporter.as_deref().map(str::trim) {
            None => of_all.or(of_traces).is_some(),
            Some("otlp") => true,
            Some("none") => false,
            Some(other) => return Err(format!("OTEL_TRACES_EXPORTER: {other:?} is not known: otlp or none")),
        };
        let disabled =
            match set("OTEL_SDK_DISABLED").map(|value| value.trim().to_ascii_lowercase()).as_deref() {
                Some("true") => true,
                None | Some("false") => false,
                Some(other) => return Err(format!("OTEL_SDK_DISABLED: {other:?} is neither true nor false")),
            };
        if !asked || disabled {
            return Ok(None);
        }
        for (names, expected) in READ_BY_THE_SDK {
            for name in *names {
                if let Some(value) = set(name) {
                    expected.check(name, value.trim())?;
                }
            }
        }
        let protocol = protocol(&set)?;
        if let Some(sampler) = set("OTEL_TRACES_SAMPLER")
            && !SAMPLERS.contains(&sampler.as_str())
        {
            return Err(format!("OTEL_TRACES_SAMPLER: {sampler:?} is not known: {}", SAMPLERS.join(", ")));
        }
        let queue =
            set("OTEL_BSP_MAX_QUEUE_SIZE").and_then(|value| value.trim().parse().ok()).unwrap_or(QUEUE);
        let in_attributes = set("OTEL_RESOURCE_ATTRIBUTES")
            .is_some_and(|pairs| pairs.split(',').any(|pair| pair.trim_start().starts_with("service.name=")));
        let is_named = set("OTEL_SERVICE_NAME").is_some() || in_attributes;
        Ok(Some(Self { protocol, queue, is_named }))
    }
}

fn protocol(set: &impl Fn(&str) -> Option<String>) -> Result<Protocol, String> {
    let names = ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"];
    let Some((name, value)) = names.into_iter().find_map(|name| Some((name, set(name)?))) else {
        return Ok(Protocol::HttpProtobuf);
    };
    match value.trim() {
        "grpc" => Ok(Protocol::Grpc),
        "http/protobuf" => Ok(Protocol::HttpProtobuf),
        other => Err(format!("{name}: {other:?} is not supported: grpc or http/protobuf")),
    }
}

/// The value is not shown: it may hold a password.
fn checked(name: &str, value: &str) -> Result<(), String> {
    let uri: Option<Uri> = value.trim().parse().ok();
    let fits = uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some_and(|host| !host.is_empty())
    });
    if !fits {
        return Err(format!("{name}: not a URL that begins with http:// or https://"));
    }
    let has_user = value.split('/').nth(2).is_some_and(|authority| authority.contains('@'));
    if has_user {
        return Err(format!(
            "{name}: a user and password are not sent from here; OTEL_EXPORTER_OTLP_HEADERS takes them"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Option<Wanted>, String> {
        let find = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        Wanted::read(&find)
    }

    const ENDPOINT: (&str, &str) = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318");

    #[test]
    fn nothing_is_sent_unless_it_is_asked_for() {
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&[("OTEL_SERVICE_NAME", "files")]), Ok(None));
        assert_eq!(read(&[ENDPOINT, ("OTEL_TRACES_EXPORTER", "none")]), Ok(None));
        assert_eq!(read(&[ENDPOINT, ("OTEL_SDK_DISABLED", "TRUE")]), Ok(None));
        assert_eq!(read(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "")]), Ok(None));
    }

    #[test]
    fn an_endpoint_or_the_exporters_name_asks_for_it() {
        for variables in [&[ENDPOINT], &[("OTEL_TRACES_EXPORTER", "otlp")]] {
            let wanted = read(variables).unwrap().unwrap();
            assert_eq!(wanted, Wanted { protocol: Protocol::HttpProtobuf, queue: 2048, is_named: false });
        }
        let grpc = read(&[
            ENDPOINT,
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "grpc"),
            ("OTEL_RESOURCE_ATTRIBUTES", "team=a, service.name=files"),
        ]);
        assert_eq!(grpc, Ok(Some(Wanted { protocol: Protocol::Grpc, queue: 2048, is_named: true })));
    }

    #[test]
    fn a_slip_is_named_by_its_variable_and_no_password_is_shown() {
        for (name, value) in [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "ftp://user:secret@collector"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
            ("OTEL_TRACES_EXPORTER", "zipkin"),
            ("OTEL_TRACES_SAMPLER", "sometimes"),
            ("OTEL_SDK_DISABLED", "maybe"),
            ("OTEL_BSP_MAX_QUEUE_SIZE", "many"),
            ("OTEL_BSP_MAX_QUEUE_SIZE", "0"),
            ("OTEL_BSP_SCHEDULE_DELAY", "5s"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "abc"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "secret"),
            ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "a=b,=secret"),
            ("OTEL_TRACES_SAMPLER_ARG", "2"),
            ("OTEL_RESOURCE_ATTRIBUTES", "garbage"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://user:secret@collector:4318"),
        ] {
            let wrong = read(&[("OTEL_TRACES_EXPORTER", "otlp"), (name, value)]);
            let wrong = if name == "OTEL_TRACES_EXPORTER" { read(&[(name, value)]) } else { wrong };
            let wrong = wrong.unwrap_err();
            assert!(wrong.starts_with(&format!("{name}: ")), "{wrong}");
            assert!(!wrong.contains("secret"), "{wrong}");
        }
    }
}
