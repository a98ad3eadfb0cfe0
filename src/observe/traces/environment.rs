//! What the environment wants of traces (<https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/>
//! and <https://opentelemetry.io/docs/specs/otel/protocol/exporter/>).
//!
//! Headers, timeout, batches, sampler and resource are read by the SDK itself. Unlike it, a value that cannot be
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
        let disabled = set("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"));
        if !asked || disabled {
            return Ok(None);
        }
        let protocol = protocol(&set)?;
        if let Some(sampler) = set("OTEL_TRACES_SAMPLER")
            && !SAMPLERS.contains(&sampler.as_str())
        {
            return Err(format!("OTEL_TRACES_SAMPLER: {sampler:?} is not known: {}", SAMPLERS.join(", ")));
        }
        let number = |value: String| {
            value.trim().parse().map_err(|_| format!("OTEL_BSP_MAX_QUEUE_SIZE: {value:?} is not a number"))
        };
        let queue = set("OTEL_BSP_MAX_QUEUE_SIZE").map(number).transpose()?.unwrap_or(QUEUE);
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
    fits.then_some(()).ok_or_else(|| format!("{name}: not a URL that begins with http:// or https://"))
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
            ("OTEL_BSP_MAX_QUEUE_SIZE", "many"),
        ] {
            let wrong = read(&[("OTEL_TRACES_EXPORTER", "otlp"), (name, value)]);
            let wrong = if name == "OTEL_TRACES_EXPORTER" { read(&[(name, value)]) } else { wrong };
            let wrong = wrong.unwrap_err();
            assert!(wrong.starts_with(&format!("{name}: ")), "{wrong}");
            assert!(!wrong.contains("secret"), "{wrong}");
        }
    }
}
