//! Dates and times as types of `time`.

use super::datetime::{Date, DateTime};
use super::rfc3339::{Day, Instant};

impl DateTime {
    /// The point in time with its offset, when the text follows RFC 3339.
    #[must_use]
    pub fn to_time(&self) -> Option<time::OffsetDateTime> {
        let instant = self.instant()?;
        let time = time::OffsetDateTime::from_unix_timestamp(instant.seconds).ok()?;
        let time = time.replace_nanosecond(instant.nanoseconds).ok()?;
        time.checked_to_offset(time::UtcOffset::from_whole_seconds(instant.offset).ok()?)
    }
}

impl From<time::OffsetDateTime> for DateTime {
    fn from(time: time::OffsetDateTime) -> Self {
        Self::from(Instant::from_nanoseconds(time.unix_timestamp_nanos(), time.offset().whole_seconds()))
    }
}

impl Date {
    /// The day, when the text follows RFC 3339.
    #[must_use]
    pub fn to_time(&self) -> Option<time::Date> {
        let Day { year, month, day } = self.day()?;
        time::Date::from_calendar_date(year.try_into().ok()?, month.try_into().ok()?, day).ok()
    }
}

impl From<time::Date> for Date {
    fn from(date: time::Date) -> Self {
        Self::from(Day { year: date.year().into(), month: date.month().into(), day: date.day() })
    }
}

#[cfg(test)]
mod tests {
    use super::super::datetime::{Date, DateTime};

    #[test]
    fn there_and_back() {
        for text in ["2024-02-29T23:30:00.25+02:00", "1969-12-31T23:59:59.5Z", "0000-01-01T00:00:00Z"] {
            let time = DateTime::from(text);
            let same = time.to_time().expect("a time");
            assert_eq!(
                (same.unix_timestamp(), DateTime::from(same).as_str()),
                (time.unix_timestamp().expect("a time"), text)
            );
        }
        let date = Date::from("2024-02-29").to_time().expect("a date");
        assert_eq!((date.ordinal(), Date::from(date).as_str()), (60, "2024-02-29"));
        assert!(DateTime::from("2024-02-29").to_time().is_none() && Date::from("today").to_time().is_none());
    }
}
