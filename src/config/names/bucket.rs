//! Buckets and regions as settings hold them.

/// A bucket's name with its APPID, or a pattern in which `*` stands for any run of characters.
pub(in crate::config) fn allowed_bucket(text: &str) -> Result<(), String> {
    let wrong = |says: &str| {
        format!(
            "found {text:?}: {says}; expected a name or pattern, such as \"photos-1250000000\", \"*-1250000000\" or \"*\""
        )
    };
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'*';
    if !text.bytes().all(allowed) {
        return Err(wrong("buckets are named with a-z, 0-9 and -"));
    }
    let appid = text.rsplit_once('-').map_or("", |(_, appid)| appid);
    if !text.contains('*') && (appid.is_empty() || !appid.bytes().all(|b| b.is_ascii_digit())) {
        return Err(wrong("a bucket's name ends in -APPID"));
    }
    Ok(())
}

/// A bucket's whole name, which becomes the first label of a host name.
pub(in crate::config) fn bucket(text: &str) -> Result<(), String> {
    let wrong =
        |says: &str| Err(format!("found {text:?}: {says}; expected a bucket, such as \"photos-1250000000\""));
    if !text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        return wrong("buckets are named with a-z, 0-9 and -");
    }
    // As short as an APPID ever was; `photos-2024` is a name without one.
    let is_appid = |appid: &str| appid.len() >= 5 && appid.bytes().all(|b| b.is_ascii_digit());
    match text.rsplit_once('-') {
        Some((name, appid)) if is_appid(appid) && !name.is_empty() && !name.starts_with('-') => {}
        _ => return wrong("a bucket's name ends in -APPID"),
    }
    if text.len() > 63 { wrong("it is longer than a host name's label") } else { Ok(()) }
}

/// A region, which becomes a label of a host name.
pub(in crate::config) fn region(text: &str) -> Result<(), String> {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let is_label = (1..=63).contains(&text.len()) && text.bytes().all(allowed);
    if is_label && !text.starts_with('-') && !text.ends_with('-') {
        Ok(())
    } else {
        Err(format!("found {text:?}, expected a region's short name, such as \"ap-guangzhou\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allowed_buckets_can_match_something() {
        for good in ["photos-1250000000", "*", "*-1250000000", "photos-*", "a*b-1"] {
            assert_eq!(allowed_bucket(good), Ok(()), "{good}");
        }
        for bad in ["", "photos", "Photos-1250000000", "photos-", "photos.x-125", "photos-125?", "photos-12a"]
        {
            assert!(allowed_bucket(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_bucket_has_its_appid() {
        let longest = format!("{}-1250000000", "a".repeat(52));
        for good in ["photos-1250000000", "a-b-2-12345", longest.as_str()] {
            assert_eq!(bucket(good), Ok(()), "{good}");
        }
        let too_long = format!("a{longest}");
        for bad in
            ["", "*", "photos", "photos-2024", "-1250000000", "--1250000000", "a.b-1250000000", &too_long]
        {
            assert!(bucket(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_region_is_a_label() {
        for good in ["ap-guangzhou", "ap-shanghai-fsi", "accelerate", "na-ashburn"] {
            assert_eq!(region(good), Ok(()), "{good}");
        }
        for bad in ["", "cos.ap-guangzhou", "AP-Guangzhou", "-a", "a-", "ap_x", "广州"] {
            assert!(region(bad).is_err(), "{bad}");
        }
    }
}
