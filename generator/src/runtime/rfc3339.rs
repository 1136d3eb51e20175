//! Days and instants as RFC 3339 writes them.

use std::fmt;

/// The day 1970-01-01, counted from 0001-01-01.
const EPOCH: i64 = 719_162;

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) year: i64,
    pub(crate) month: u8,
    pub(crate) day: u8,
}

impl Day {
    /// Reads a `full-date`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::split_from(text).filter(|(_, rest)| rest.is_empty()).map(|(day, _)| day)
    }

    /// Reads the `full-date` at the start of a text; the rest is what stands behind it.
    fn split_from(text: &str) -> Option<(Self, &str)> {
        let (year, rest) = number(text, 4)?;
        let (month, rest) = number(rest.strip_prefix('-')?, 2)?;
        let (day, rest) = number(rest.strip_prefix('-')?, 2)?;
        let of_month = *lengths(year.into()).get(usize::try_from(month).ok()?.checked_sub(1)?)?;
        let day = u8::try_from(day).ok().filter(|day| (1..=of_month).contains(day))?;
        Some((Self { year: year.into(), month: u8::try_from(month).ok()?, day }, rest))
    }

    /// The days since 1970-01-01.
    fn since_epoch(self) -> i64 {
        let past = self.year - 1;
        let leap = past.div_euclid(4) - past.div_euclid(100) + past.div_euclid(400);
        let months: i64 = lengths(self.year).iter().take(usize::from(self.month) - 1).copied().map(i64::from).sum();
        365 * past + leap + months + i64::from(self.day) - 1 - EPOCH
    }

    /// The day that is so many days after 1970-01-01.
    fn from_epoch(days: i64) -> Self {
        let days = days + EPOCH;
        // A year has 365.2425 days on average, so that this one is it or its neighbour.
        let mut year = (days * 400).div_euclid(146_097) + 1;
        let start = |year: i64| Self { year, month: 1, day: 1 }.since_epoch() + EPOCH;
        while start(year) > days {
            year -= 1;
        }
        while start(year + 1) <= days {
            year += 1;
        }
        let (mut month, mut rest) = (1, days - start(year));
        for length in lengths(year) {
            if rest < i64::from(length) {
                break;
            }
            (month, rest) = (month + 1, rest - i64::from(length));
        }
        Self { year, month, day: u8::try_from(rest + 1).unwrap_or(1) }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// How many days the months of a year have.
fn lengths(year: i64) -> [u8; 12] {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    [31, if is_leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
}

/// An instant, and the offset from UTC in which it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Instant {
    /// The seconds since 1970-01-01T00:00:00Z; a leap second is the first one of the next minute.
    pub(crate) seconds: i64,
    pub(crate) nanoseconds: u32,
    /// Seconds to the east of UTC.
    pub(crate) offset: i32,
}

impl Instant {
    /// An instant by its nanoseconds since 1970-01-01T00:00:00Z; clocks end long before 64 bits of seconds do.
    pub(crate) fn from_nanoseconds(nanoseconds: i128, offset: i32) -> Self {
        let seconds = nanoseconds.div_euclid(1_000_000_000) as i64;
        Self { seconds, nanoseconds: nanoseconds.rem_euclid(1_000_000_000) as u32, offset }
    }

    /// Reads a `date-time`, with a `T`, a `t` or a space in the middle (section 5.6). What is less than a nanosecond is
    /// left out.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (day, rest) = Day::split_from(text)?;
        let (hour, rest) = number(rest.strip_prefix(['T', 't', ' '])?, 2)?;
        let (minute, rest) = number(rest.strip_prefix(':')?, 2)?;
        let (second, rest) = number(rest.strip_prefix(':')?, 2)?;
        let (nanoseconds, rest) = match rest.strip_prefix('.') {
            Some(rest) => fraction(rest)?,
            None => (0, rest),
        };
        let offset = offset(rest)?;
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let of_day = i64::from(hour * 3600 + minute * 60 + second);
        Some(Self { seconds: day.since_epoch() * 86_400 + of_day - i64::from(offset), nanoseconds, offset })
    }

    /// What is the same for equal instants, whatever their offsets.
    pub(crate) fn point(self) -> (i64, u32) {
        (self.seconds, self.nanoseconds)
    }

    pub(crate) fn in_utc(self) -> Self {
        Self { offset: 0, ..self }
    }
}

/// In its offset; in UTC when RFC 3339 cannot write that, because it has seconds.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offset = if self.offset % 60 == 0 { self.offset } else { 0 };
        let local = self.seconds.saturating_add(offset.into());
        let (day, second) = (Day::from_epoch(local.div_euclid(86_400)), local.rem_euclid(86_400));
        write!(f, "{day}T{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)?;
        if self.nanoseconds != 0 {
            f.write_str(format!(".{:09}", self.nanoseconds).trim_end_matches('0'))?;
        }
        let (sign, minutes) = (if offset < 0 { '-' } else { '+' }, offset.abs() / 60);
        if offset == 0 { f.write_str("Z") } else { write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60) }
    }
}

/// Reads so many digits; the rest is what stands behind them.
fn number(text: &str, digits: usize) -> Option<(u32, &str)> {
    let (number, rest) = text.split_at_checked(digits)?;
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    Some((number.parse().ok().filter(|_| is_number)?, rest))
}

/// Reads the digits behind a decimal point as nanoseconds.
fn fraction(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let nanoseconds = format!("{:0<9}", &digits[..end.min(9)]).parse().ok();
    Some((nanoseconds.filter(|_| end > 0)?, rest))
}

/// Reads a `time-offset`, in seconds to the east.
fn offset(text: &str) -> Option<i32> {
    let sign = match text.chars().next()? {
        'Z' | 'z' => return (text.len() == 1).then_some(0),
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let (hours, rest) = number(&text[1..], 2)?;
    let (minutes, rest) = number(rest.strip_prefix(':')?, 2)?;
    let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
    (rest.is_empty() && hours < 24 && minutes < 60).then_some(sign * seconds)
}

#[cfg(test)]
mod tests {
    use super::{Day, Instant};

    fn point(text: &str) -> (i64, u32) {
        Instant::parse(text).unwrap_or_else(|| panic!("{text} is an instant")).point()
    }

    #[test]
    fn instants_are_read() {
        for (text, seconds, nanoseconds) in [
            ("1970-01-01T00:00:00Z", 0, 0),
            ("1969-12-31T23:59:59.5z", -1, 500_000_000),
            ("2000-02-29t12:00:00+02:00", 951_818_400, 0),
            ("2024-12-31 23:59:60.000000001-00:30", 1_735_691_400, 1),
            ("2038-01-19T03:14:08.1234567891Z", 2_147_483_648, 123_456_789),
            ("0000-01-01T00:00:00Z", -62_167_219_200, 0),
            ("9999-12-31T23:59:59Z", 253_402_300_799, 0),
        ] {
            assert_eq!(point(text), (seconds, nanoseconds), "{text}");
        }
    }

    #[test]
    fn what_is_no_instant_is_none() {
        for text in [
            "",
            "2024-01-01",
            "2024-01-01T00:00:00",
            "2024-01-01T00:00Z",
            "2024-1-1T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2024-00-01T00:00:00Z",
            "2024-13-01T00:00:00Z",
            "2024-01-00T00:00:00Z",
            "2024-01-01T24:00:00Z",
            "2024-01-01T00:60:00Z",
            "2024-01-01T00:00:61Z",
            "2024-01-01T00:00:00.Z",
            "2024-01-01T00:00:00Zulu",
            "2024-01-01T00:00:00+24:00",
            "2024-01-01T00:00:00+0200",
            "2024-01-01T+1:00:00Z",
            "2024-01-01T00:00:00é",
            "202é-01-01T00:00:00Z",
            "Mon, 01 Jan 2024 00:00:00 GMT",
        ] {
            assert!(Instant::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn what_is_written_is_what_was_read() {
        for text in [
            "1970-01-01T00:00:00Z",
            "1969-12-31T23:59:59.5Z",
            "2000-02-29T23:30:00+02:00",
            "2000-03-01T00:30:00.000001-11:30",
            "0000-12-31T00:00:00Z",
            "2100-12-31T23:59:59Z",
        ] {
            assert_eq!(Instant::parse(text).expect("an instant").to_string(), text);
        }
        let odd = Instant { seconds: 59, nanoseconds: 0, offset: 61 };
        assert_eq!(odd.to_string(), "1970-01-01T00:00:59Z");
    }

    #[test]
    fn days_are_their_numbers() {
        for days in (-719_528..2_932_896).step_by(17) {
            let day = Day::from_epoch(days);
            assert_eq!(day.since_epoch(), days, "{day}");
            assert_eq!(Day::parse(&day.to_string()), Some(day), "{day}");
        }
    }
}
