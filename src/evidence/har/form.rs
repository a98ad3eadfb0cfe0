//! The fields of a browser upload form (multipart/form-data, RFC 7578), up to the file.

use serde_json::Value;

/// The fields of a HAR's `postData`; `None` where it is no multipart form or its fields are not shown.
pub(super) fn fields(post_data: &Value) -> Option<Vec<(String, String)>> {
    let mime = post_data.get("mimeType")?.as_str()?;
    if !mime.to_ascii_lowercase().starts_with("multipart/form-data") {
        return None;
    }
    let listed = post_data.get("params").and_then(Value::as_array).filter(|params| !params.is_empty());
    match listed {
        Some(params) => Some(from_params(params)),
        None => from_text(mime, post_data.get("text")?.as_str()?),
    }
}

fn from_params(params: &[Value]) -> Vec<(String, String)> {
    let text = |param: &Value, name: &str| param.get(name).and_then(Value::as_str).map(str::to_owned);
    params
        .iter()
        .take_while(|param| param.get("fileName").is_none_or(Value::is_null))
        .filter_map(|param| Some((text(param, "name")?, text(param, "value").unwrap_or_default())))
        .filter(|(name, _)| name != "file")
        .collect()
}

fn from_text(mime: &str, text: &str) -> Option<Vec<(String, String)>> {
    let boundary = mime.split_once("boundary=").map(|(_, value)| value.trim_matches(['"', ' ']))?;
    let delimiter = format!("--{}", boundary.split(';').next()?);
    let mut fields = Vec::new();
    for part in text.split(&delimiter).skip(1) {
        if part.starts_with("--") {
            break;
        }
        let (head, value) = part.split_once("\r\n\r\n").or_else(|| part.split_once("\n\n"))?;
        let Some(name) = parameter(head, "name") else { continue };
        if name == "file" || parameter(head, "filename").is_some() {
            break;
        }
        fields.push((name.to_owned(), value.trim_end_matches(['\r', '\n']).to_owned()));
    }
    Some(fields)
}

/// A parameter of Content-Disposition.
fn parameter<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.split(';').find_map(|part| {
        let (key, value) = part.trim().split_once('=')?;
        (key.eq_ignore_ascii_case(name))
            .then(|| value.trim().trim_matches('"').lines().next().unwrap_or("").trim_end_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_end_at_the_file() {
        let text = "--B\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\na/b\r\n--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\ndata\r\n--B\r\nContent-Disposition: form-data; name=\"late\"\r\n\r\nx\r\n--B--";
        let data = json!({"mimeType": "multipart/form-data; boundary=B", "text": text});
        assert_eq!(fields(&data), Some(vec![("key".to_owned(), "a/b".to_owned())]));
    }

    #[test]
    fn listed_fields_are_taken_as_they_are() {
        let data = json!({"mimeType": "multipart/form-data; boundary=B", "params": [
            {"name": "key", "value": "a"}, {"name": "policy", "value": "e30="}, {"name": "file", "fileName": "x"}]});
        assert_eq!(fields(&data).map(|f| f.len()), Some(2));
    }
}
