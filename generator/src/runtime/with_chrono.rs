//! Dates and times as types of `chrono`.

use super::datetime::{Date, DateTime};
use super::rfc3339::{Day, Instant};

impl DateTime {
    /// The point in time with its offset, when the text follows RFC 3339.
    #[must_use]
    pub fn to_chrono(&self) -> Option<chrono::DateTime<chrono::FixedOffset>> {
        let instant = self.instant()?;
        let offset = chrono::FixedOffset::east_opt(instant.offset)?;
        Some(chrono::DateTime::from_timestamp(instant.seconds, instant.nanoseconds)?.with_timezone(&offset))
    }
}

impl<Z: chrono::TimeZone> From<chrono::DateTime<Z>> for DateTime {
    fn from(time: chrono::DateTime<Z>) -> Self {
        let offset = chrono::Offset::fix(time.offset()).local_minus_utc();
        // More than a second of nanoseconds are a leap second.
        let nanoseconds = i128::from(time.timestamp()) * 1_000_000_000 + i128::from(time.timestamp_subsec_nanos());
        Self::from(Instant::from_nanoseconds(nanoseconds, offset))
    }
}

impl Date {
    /// The day, when the text follows RFC 3339.
    #[must_use]
    pub fn to_chrono(&self) -> Option<chrono::NaiveDate> {
        let Day { year, month, day } = self.day()?;
        chrono::NaiveDate::from_ymd_opt(year.try_into().ok()?, month.into(), day.into())
    }
}

impl From<chrono::NaiveDate> for Date {
    fn from(date: chrono::NaiveDate) -> Self {
        use chrono::Datelike as _;
        Self::from(Day { year: date.year().into(), month: date.month() as u8, day: date.day() as u8 })
    }
}

#[cfg(test)]
mod tests {
    use super::super::datetime::{Date, DateTime};

    #[test]
    fn there_and_back() {
        for text in ["2024-02-29T23:30:00.25+02:00", "1969-12-31T23:59:59Z", "0000-01-01T00:00:00Z"] {
            let time = DateTime::from(text).to_chrono().expect("a time");
            assert_eq!(time, chrono::DateTime::parse_from_rfc3339(text).expect("a time"));
            assert_eq!(DateTime::from(time).as_str(), text);
        }
        let date = Date::from("2024-02-29").to_chrono().expect("a date");
        assert_eq!((date.to_string().as_str(), Date::from(date).as_str()), ("2024-02-29", "2024-02-29"));
        assert!(DateTime::from("2024-02-29").to_chrono().is_none() && Date::from("today").to_chrono().is_none());
    }
}
