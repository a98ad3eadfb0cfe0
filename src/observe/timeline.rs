//! How many came in each of the last sixty minutes.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Minutes that are told apart.
const MINUTES: usize = 60;
const MINUTE: u64 = 60;
/// The minutes that a rate is the mean of.
const RATED: usize = 5;

/// A count for each minute of the last hour.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// The count of minute `m` since 1970 is at `m % MINUTES`.
    counts: [u32; MINUTES],
    /// The newest minute that is counted.
    minute: u64,
}

impl Timeline {
    pub const STEP: Duration = Duration::from_secs(MINUTE);

    pub(super) fn beginning(at: SystemTime) -> Self {
        Self { counts: [0; MINUTES], minute: minute(at) }
    }

    /// One more came.
    pub(super) fn add(&mut self, at: SystemTime) {
        self.go_on(minute(at));
        // A clock that was set back counts for the minute it is at.
        if let Some(count) = self.counts.get_mut(place(minute(at))) {
            *count = count.saturating_add(1);
        }
    }

    /// When the hour before `now` began, and the count of each of its minutes, oldest first.
    #[must_use]
    pub fn hour(mut self, now: SystemTime) -> (SystemTime, [u32; MINUTES]) {
        self.go_on(minute(now));
        let last = self.minute;
        let first = (last + 1).saturating_sub(MINUTES as u64);
        self.counts.rotate_left(place(first));
        (UNIX_EPOCH + Duration::from_secs(first * MINUTE), self.counts)
    }

    /// How many came in a minute, over the five before `now`; of the sixth, which these cut, its share counts.
    #[must_use]
    pub fn rate_per_minute(&self, now: SystemTime) -> f64 {
        let (_, counts) = self.clone().hour(now);
        let into = seconds(now) % MINUTE;
        let mut newest_first = counts.iter().rev().map(|count| f64::from(*count));
        let whole: f64 = newest_first.by_ref().take(RATED).sum();
        let cut = newest_first.next().unwrap_or(0.0);
        // Seconds of a minute are exact in an f64.
        #[allow(clippy::cast_precision_loss)]
        let share = (MINUTE - into) as f64 / MINUTE as f64;
        (whole + cut * share) / RATED as f64
    }

    /// Minutes that have begun since count nothing yet.
    fn go_on(&mut self, to: u64) {
        for minute in (self.minute + 1..=to).take(MINUTES) {
            if let Some(count) = self.counts.get_mut(place(minute)) {
                *count = 0;
            }
        }
        self.minute = self.minute.max(to);
    }
}

fn seconds(at: SystemTime) -> u64 {
    at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

fn minute(at: SystemTime) -> u64 {
    seconds(at) / MINUTE
}

fn place(minute: u64) -> usize {
    usize::try_from(minute % MINUTES as u64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_800_000_000 + seconds)
    }

    #[test]
    fn each_minute_has_its_count_and_the_oldest_leave() {
        let mut timeline = Timeline::beginning(at(0));
        for seconds in [0, 59, 60, 3599] {
            timeline.add(at(seconds));
        }
        let (from, counts) = timeline.clone().hour(at(3599));
        assert_eq!(from, at(0));
        assert_eq!((counts[0], counts[1], counts[2], counts[59]), (2, 1, 0, 1));
        let (from, counts) = timeline.clone().hour(at(3600));
        assert_eq!((from, counts[0], counts[58], counts[59]), (at(60), 1, 1, 0));
        let (_, counts) = timeline.hour(at(1_000_000));
        assert_eq!(counts, [0; MINUTES]);
    }

    #[test]
    fn the_rate_is_that_of_the_last_five_minutes() {
        let mut timeline = Timeline::beginning(at(0));
        for second in 0..1200 {
            timeline.add(at(second));
        }
        assert!((timeline.rate_per_minute(at(1199)) - 60.0).abs() < 0.5);
        assert!((timeline.rate_per_minute(at(1230)) - 54.0).abs() < 0.5);
        assert!(timeline.rate_per_minute(at(1200 + 360)).abs() < f64::EPSILON);
    }

    #[test]
    fn a_clock_that_is_set_back_does_no_harm() {
        let mut timeline = Timeline::beginning(at(600));
        timeline.add(at(0));
        timeline.add(at(600));
        let (_, counts) = timeline.hour(at(600));
        assert_eq!(counts.iter().sum::<u32>(), 2);
        let mut early = Timeline::beginning(UNIX_EPOCH);
        early.add(UNIX_EPOCH);
        assert_eq!(early.hour(UNIX_EPOCH).1.iter().sum::<u32>(), 1);
    }
}
