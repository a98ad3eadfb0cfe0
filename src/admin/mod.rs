//! The operator's listener: health, metrics and the recent diagnoses.
