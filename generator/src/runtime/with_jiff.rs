//! Dates and times as types of `jiff`.

use super::datetime::{Date, DateTime};
use super::rfc3339::{Day, Instant};

impl DateTime {
    /// The point in time, when the text follows RFC 3339.
    #[must_use]
    pub fn to_jiff(&self) -> Option<jiff::Timestamp> {
        let instant = self.instant()?;
        jiff::Timestamp::new(instant.seconds, instant.nanoseconds.try_into().ok()?).ok()
    }
}

impl From<jiff::Timestamp> for DateTime {
    fn from(time: jiff::Timestamp) -> Self {
        Self::from(Instant::from_nanoseconds(time.as_nanosecond(), 0))
    }
}

impl Date {
    /// The day, when the text follows RFC 3339.
    #[must_use]
    pub fn to_jiff(&self) -> Option<jiff::civil::Date> {
        let Day { year, month, day } = self.day()?;
        jiff::civil::Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
    }
}

impl From<jiff::civil::Date> for Date {
    fn from(date: jiff::civil::Date) -> Self {
        Self::from(Day { year: date.year().into(), month: date.month() as u8, day: date.day() as u8 })
    }
}

#[cfg(test)]
mod tests {
    use super::super::datetime::{Date, DateTime};

    #[test]
    fn there_and_back() {
        for text in ["2024-02-29T23:30:00.25Z", "1969-12-31T23:59:59Z", "1969-12-31T23:59:58.75Z"] {
            let time = DateTime::from(text).to_jiff().expect("a time");
            assert_eq!(time, text.parse().expect("a time"));
            assert_eq!(DateTime::from(time).as_str(), text);
        }
        let date = Date::from("2024-02-29").to_jiff().expect("a date");
        assert_eq!((date, Date::from(date).as_str()), ("2024-02-29".parse().expect("a date"), "2024-02-29"));
        assert!(DateTime::from("2024-02-29").to_jiff().is_none() && Date::from("today").to_jiff().is_none());
    }
}
