//! Dates and times as servers write them: typed where they follow RFC 3339, and kept as they are in any case.

use std::hash::{Hash, Hasher};
use std::time::{SystemTime, UNIX_EPOCH};

use super::encode::Encoder;
use super::rfc3339::{Day, Instant};

/// A point in time.
///
/// It holds the text that was read, and writes the same. Equal points in time are equal however they are written; texts
/// that do not follow RFC 3339 are equal when they are the same.
#[derive(Clone)]
pub struct DateTime(String);

impl DateTime {
    /// The seconds since 1970-01-01T00:00:00Z, when the text follows RFC 3339.
    #[must_use]
    pub fn unix_timestamp(&self) -> Option<i64> {
        self.instant().map(|instant| instant.seconds)
    }

    /// The point in time, when the text follows RFC 3339.
    pub(crate) fn instant(&self) -> Option<Instant> {
        Instant::parse(&self.0)
    }

    fn write<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.text_that_means(&self.0, || Some(self.instant()?.in_utc().to_string()));
    }
}

impl PartialEq for DateTime {
    fn eq(&self, other: &Self) -> bool {
        let is_same_point = || Some(self.instant()?.point() == other.instant()?.point());
        self.0 == other.0 || is_same_point().unwrap_or_default()
    }
}

impl Hash for DateTime {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.instant() {
            Some(instant) => instant.point().hash(state),
            None => self.0.hash(state),
        }
    }
}

impl From<Instant> for DateTime {
    fn from(instant: Instant) -> Self {
        Self(instant.to_string())
    }
}

impl From<SystemTime> for DateTime {
    fn from(time: SystemTime) -> Self {
        let nanoseconds = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => after.as_nanos() as i128,
            Err(before) => -(before.duration().as_nanos() as i128),
        };
        Self::from(Instant::from_nanoseconds(nanoseconds, 0))
    }
}

/// A day.
///
/// It holds the text that was read, and writes the same, also when that is no `full-date` of RFC 3339. Days are equal
/// when their texts are.
#[derive(Clone, PartialEq, Hash)]
pub struct Date(String);

impl Date {
    /// The day, when the text follows RFC 3339.
    pub(crate) fn day(&self) -> Option<Day> {
        Day::parse(&self.0)
    }

    fn write<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.text(&self.0);
    }
}

impl From<Day> for Date {
    fn from(day: Day) -> Self {
        Self(day.to_string())
    }
}

/// Implements what both types have, since both are texts.
macro_rules! texts {
    ($($type:ident)*) => {
        $(
            impl $type {
                /// The text as it was read, and as it is sent.
                #[must_use]
                pub fn as_str(&self) -> &str {
                    &self.0
                }
            }

            impl Eq for $type {}

            impl From<&str> for $type {
                fn from(text: &str) -> Self {
                    Self(text.to_owned())
                }
            }

            impl From<String> for $type {
                fn from(text: String) -> Self {
                    Self(text)
                }
            }

            impl std::str::FromStr for $type {
                type Err = std::convert::Infallible;

                fn from_str(text: &str) -> Result<Self, std::convert::Infallible> {
                    Ok(Self::from(text))
                }
            }

            impl std::fmt::Display for $type {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.pad(&self.0)
                }
            }

            impl std::fmt::Debug for $type {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    std::fmt::Debug::fmt(&self.0, f)
                }
            }

            impl super::json::Json for $type {
                fn blank() -> Self {
                    Self(String::new())
                }

                fn shape() -> super::shape::Shape {
                    super::shape::Shape::of(super::shape::Kinds::STRING)
                }

                fn decode(&mut self, node: super::tape::Node<'_, '_>) -> Result<(), super::decode_error::DecodeError> {
                    self.0.decode(node)
                }

                fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
                    self.write(encoder);
                }
            }

            super::traits::serde_traits!($type);
        )*
    };
}

texts! { DateTime Date }

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::time::{Duration, UNIX_EPOCH};

    use serde_json::json;

    use super::super::extra::Extra;
    use super::super::object::object;
    use super::{Date, DateTime};

    object! {
        /// An event.
        pub struct Event {
            at: DateTime = "at": REQUIRED | STRING,
            day: Option<Date> = "day": STRING,
            ..extra
        }
    }

    #[test]
    fn equal_points_in_time_are_equal() {
        let time = |text: &str| DateTime::from(text);
        let equal = ["2024-05-01T12:00:00Z", "2024-05-01t14:00:00.000+02:00", "2024-05-01 12:00:00z"].map(time);
        assert_eq!(equal.iter().collect::<HashSet<_>>().len(), 1);
        assert!(equal.iter().all(|one| *one == equal[0] && one.unix_timestamp() == Some(1_714_564_800)));
        assert_ne!(equal[0], time("2024-05-01T12:00:00.000000001Z"));
        // What has no offset could be any of many points in time.
        let loose = time("2024-05-01T12:00:00");
        assert_eq!((&loose, loose.unix_timestamp()), (&time("2024-05-01T12:00:00"), None));
        assert!(equal.iter().all(|one| *one != loose));
    }

    #[test]
    fn equal_points_in_time_are_equal_within_a_type() {
        let event = |at: &str| Event { at: at.into(), day: Some("2024-05-01".into()), extra: Extra::default() };
        assert_eq!(event("2024-05-01T12:00:00Z"), event("2024-05-01T14:00:00+02:00"));
        assert_ne!(event("2024-05-01T12:00:00Z"), event("2024-05-01T12:00:00+02:00"));
        assert_ne!(event("2024-05-01T12:00:00"), event("2024-05-01T12:00:00Z"));
        assert_eq!(event("soon"), event("soon"));
    }

    #[test]
    fn what_was_read_is_written() {
        for json in [
            json!({"at": "2024-05-01T14:00:00.000+02:00", "day": "2024-05-01"}),
            json!({"at": "yesterday", "day": "1.5.2024"}),
            json!({"at": ""}),
        ] {
            let event: Event = serde_json::from_value(json.clone()).expect("an event");
            assert_eq!(serde_json::to_value(&event).expect("JSON"), json);
            assert_eq!(
                serde_json::from_slice::<serde_json::Value>(&super::super::json::to_json(&event)).ok(),
                Some(json)
            );
        }
        let error = serde_json::from_value::<Event>(json!({"at": 5})).expect_err("no text").to_string();
        assert!(error.starts_with("at: expected a string"), "{error}");
    }

    #[test]
    fn a_time_of_the_clock_is_written_in_utc() {
        let later = UNIX_EPOCH + Duration::from_millis(1_500);
        assert_eq!(DateTime::from(later).to_string(), "1970-01-01T00:00:01.5Z");
        let before = UNIX_EPOCH - Duration::from_millis(500);
        assert_eq!(format!("{:?}", DateTime::from(before)), "\"1969-12-31T23:59:59.5Z\"");
    }
}
