//! How a test is given: when, how often, what is allowed, and what is shown when.

use std::net::IpAddr;

use identity::fault::{Fault, Faults, optional_line};
use ipnet::IpNet;
use kernel::Timestamp;
use papers::model::Exact;
use scoring::Shuffle;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a test is given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct TestSettings {
    /// When it can be begun; at once where there is none.
    pub opens_at: Option<Timestamp>,
    /// When it ends for everybody; never where there is none.
    pub closes_at: Option<Timestamp>,
    /// How long one attempt lasts, in minutes; until it closes where there is none.
    pub minutes: Option<u32>,
    /// Seconds after the end in which answers still count.
    pub grace_seconds: u32,
    /// Minutes after the end in which answers made before it may still come.
    pub late_minutes: u32,
    /// How often it may be sat; as often as one likes where there is none.
    pub attempts: Option<u32>,
    /// Which attempt counts.
    pub counts: Counts,
    /// A word to be typed before it begins.
    pub password: Option<String>,
    /// Devices of an attempt at a time; the one before is closed by the next.
    pub devices: u32,
    /// Networks it may be sat in (`192.168.1.0/24`); any where there are none.
    pub networks: Vec<String>,
    /// What is in another order for each pupil.
    pub shuffle: Shuffle,
    /// A test, or practice that tells at once what was right.
    pub mode: Mode,
    /// When the mark is shown.
    pub show_marks: Release,
    /// When the right answers are shown.
    pub show_answers: Release,
    /// When explanations are shown.
    pub show_explanations: Release,
    /// The least mark, out of [`TestSettings::out_of`], from which answers and explanations are shown.
    #[schema(value_type = Option<String>)]
    pub from_score: Option<Exact>,
    /// What a whole paper is worth; the sum of its points where there is none.
    #[schema(value_type = Option<String>)]
    pub out_of: Option<Exact>,
    /// Decimals of a mark, which is rounded once, half up.
    pub decimals: u32,
    /// Whether a calculator is there.
    pub calculator: bool,
    /// Whether a drawing pad is there.
    pub scratch: bool,
    /// Whether the page asks to fill the screen and tells when it does not.
    pub full_screen: bool,
}

impl Default for TestSettings {
    fn default() -> Self {
        Self {
            opens_at: None,
            closes_at: None,
            minutes: Some(45),
            grace_seconds: 5,
            late_minutes: 10,
            attempts: Some(1),
            counts: Counts::Best,
            password: None,
            devices: 1,
            networks: Vec::new(),
            shuffle: Shuffle::default(),
            mode: Mode::Test,
            show_marks: Release::AtOnce,
            show_answers: Release::AllDone,
            show_explanations: Release::AllDone,
            from_score: None,
            out_of: Some(Exact::TEN),
            decimals: 2,
            calculator: false,
            scratch: true,
            full_screen: false,
        }
    }
}

/// Which of several attempts counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// The best.
    #[default]
    Best,
    /// The last.
    Last,
    /// The mean of all.
    Mean,
}

kernel::words! {
    /// What it is for.
    #[derive(Default)]
    Mode, "mode of a test" {
        /// Marks count.
        #[default]
        Test = "test",
        /// Each answer is told right or wrong at once.
        Practice = "practice",
    }
}

/// When something is shown to a pupil who has handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "when", content = "at")]
pub enum Release {
    /// Never.
    Never,
    /// As soon as she has handed in.
    AtOnce,
    /// When the test is closed, or everybody it was given to has handed in.
    AllDone,
    /// At an instant.
    At(Timestamp),
}

impl TestSettings {
    /// The same, tidied.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn check(mut self) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::default();
        if let (Some(opens), Some(closes)) = (self.opens_at, self.closes_at)
            && closes <= opens
        {
            faults.add("settings.closes_at", "before-opening");
        }
        let mut within = |field: &'static str, value: u32, least: u32, most: u32| {
            if !(least..=most).contains(&value) {
                faults.add(field, "out-of-range");
            }
        };
        within("settings.minutes", self.minutes.unwrap_or(1), 1, 60 * 24 * 7);
        within("settings.grace_seconds", self.grace_seconds, 0, 600);
        within("settings.late_minutes", self.late_minutes, 0, 60 * 24);
        within("settings.attempts", self.attempts.unwrap_or(1), 1, 1_000);
        within("settings.devices", self.devices, 1, 10);
        within("settings.decimals", self.decimals, 0, 2);
        self.password = faults.take("settings.password", optional_line(self.password.as_deref(), 60));
        if self.networks.len() > 50 {
            faults.add("settings.networks", "too-many");
        } else if self.networks.iter().any(|network| parse_network(network).is_none()) {
            faults.add("settings.networks", "bad-network");
        }
        let limit = Exact::from(1_000);
        if self.out_of.is_some_and(|most| most <= Exact::ZERO || most > limit || most.scale() > 4) {
            faults.add("settings.out_of", "out-of-range");
        }
        if self.from_score.is_some_and(|least| least < Exact::ZERO || least > limit) {
            faults.add("settings.from_score", "out-of-range");
        }
        faults.check()?;
        Ok(self)
    }

    /// What becomes part of the paper, and does not change once somebody sits it.
    pub(super) fn on_paper(&self) -> (Shuffle, Option<Exact>, u32) {
        (self.shuffle, self.out_of, self.decimals)
    }

    /// Whether it may be sat from an address.
    pub fn allows_address(&self, address: &str) -> bool {
        if self.networks.is_empty() {
            return true;
        }
        let Ok(address) = address.parse::<IpAddr>() else { return false };
        self.networks.iter().filter_map(|network| parse_network(network)).any(|network| network.contains(&address.to_canonical()))
    }

    /// How long after the end answers made before it may still come, in microseconds.
    pub fn late_us(&self) -> i64 {
        i64::from(self.late_minutes) * 60_000_000
    }

    /// When an attempt begun at an instant ends. Time in which no server ran is given back.
    pub fn due_at(&self, started_at: Timestamp, exception: &Exception, outages: &[Outage]) -> Option<Timestamp> {
        let extra = i64::from(exception.extra_seconds) * 1_000_000;
        let opens = exception.opens_at.or(self.opens_at).unwrap_or(started_at).min(started_at);
        let closes = exception.closes_at.or(self.closes_at).map(|closes| given_back(opens, closes.0 + extra, outages));
        let length = self.minutes.map(|minutes| given_back(started_at, started_at.0 + i64::from(minutes) * 60_000_000 + extra, outages));
        let due = match (closes, length) {
            (Some(closes), Some(length)) => Some(closes.min(length)),
            (closes, length) => closes.or(length),
        };
        due.map(|due| Timestamp(due + i64::from(self.grace_seconds) * 1_000_000))
    }

    /// When it ends for whoever has not begun.
    pub fn closes_at(&self, exception: &Exception, outages: &[Outage]) -> Option<Timestamp> {
        let opens = exception.opens_at.or(self.opens_at).unwrap_or(Timestamp(i64::MIN));
        let closes = exception.closes_at.or(self.closes_at)?;
        Some(Timestamp(given_back(opens, closes.0.saturating_add(i64::from(exception.extra_seconds) * 1_000_000), outages)))
    }
}

/// A time in which no server ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Outage {
    /// Since when.
    pub from_at: Timestamp,
    /// Until when.
    pub until_at: Timestamp,
}

/// An end moved by the outages before it; they are in order and do not overlap.
fn given_back(from: Timestamp, mut end: i64, outages: &[Outage]) -> i64 {
    for outage in outages.iter().filter(|outage| outage.until_at > from) {
        if outage.from_at.0 < end {
            end = end.saturating_add(outage.until_at.0 - outage.from_at.0.max(from.0));
        }
    }
    end
}

/// An address or a network.
fn parse_network(text: &str) -> Option<IpNet> {
    text.trim().parse().ok().or_else(|| text.trim().parse::<IpAddr>().ok().map(IpNet::from))
}

/// What is otherwise for one pupil.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = TestException)]
pub struct Exception {
    /// When she can begin.
    pub opens_at: Option<Timestamp>,
    /// When it ends for her.
    pub closes_at: Option<Timestamp>,
    /// More time, in seconds.
    pub extra_seconds: u32,
    /// How often she may sit it.
    pub attempts: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(count: i64) -> Timestamp {
        Timestamp(count * 60_000_000)
    }

    #[test]
    fn an_attempt_ends_after_its_length_or_when_the_test_closes_whichever_is_first() {
        let settings = TestSettings { closes_at: Some(minutes(100)), minutes: Some(45), grace_seconds: 0, ..TestSettings::default() };
        let due = |started: i64, exception: &Exception| settings.due_at(minutes(started), exception, &[]);
        let none = Exception::default();
        assert_eq!(due(10, &none), Some(minutes(55)));
        assert_eq!(due(80, &none), Some(minutes(100)));
        let slow = Exception { extra_seconds: 600, ..none };
        assert_eq!(due(10, &slow), Some(minutes(65)));
        assert_eq!(due(80, &slow), Some(minutes(110)), "more time is more time, also at the end");
        let later = Exception { closes_at: Some(minutes(200)), ..none };
        assert_eq!(due(120, &later), Some(minutes(165)));
        assert_eq!(TestSettings { minutes: None, ..TestSettings::default() }.due_at(minutes(1), &none, &[]), None);
    }

    #[test]
    fn the_time_of_an_outage_is_given_back_to_whoever_lost_it() {
        let settings = TestSettings { closes_at: Some(minutes(100)), minutes: Some(45), grace_seconds: 0, ..TestSettings::default() };
        let outage = |from, until| Outage { from_at: minutes(from), until_at: minutes(until) };
        let due = |started: i64, outages: &[Outage]| settings.due_at(minutes(started), &Exception::default(), outages);
        for (started, outages, expected) in [
            (10, vec![outage(20, 25)], 60),
            (10, vec![outage(0, 5)], 55),
            (10, vec![outage(60, 70)], 55),
            (22, vec![outage(20, 25)], 70),
            (10, vec![outage(20, 25), outage(58, 59)], 61),
            (80, vec![outage(90, 95)], 105),
        ] {
            assert_eq!(due(started, &outages), Some(minutes(expected)), "{started} {outages:?}");
        }
    }

    #[test]
    fn networks_are_addresses_or_ranges_and_an_address_of_both_kinds_is_one() {
        let settings = |networks: &[&str]| TestSettings {
            networks: networks.iter().map(|text| (*text).to_owned()).collect(),
            ..TestSettings::default()
        };
        let school = settings(&["192.168.1.0/24", "10.0.0.7"]);
        assert!(school.clone().check().is_ok());
        for (address, allowed) in [
            ("192.168.1.77", true),
            ("::ffff:192.168.1.77", true),
            ("192.168.2.1", false),
            ("10.0.0.7", true),
            ("10.0.0.8", false),
            ("", false),
        ] {
            assert_eq!(school.allows_address(address), allowed, "{address}");
        }
        assert!(settings(&[]).allows_address("203.0.113.9"));
        assert_eq!(settings(&["trường"]).check().unwrap_err(), [Fault { field: "settings.networks", code: "bad-network" }]);
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let settings = TestSettings {
            opens_at: Some(minutes(2)),
            closes_at: Some(minutes(1)),
            minutes: Some(0),
            devices: 0,
            decimals: 3,
            out_of: Some(Exact::ZERO),
            ..TestSettings::default()
        };
        let fields: Vec<&str> = settings.check().unwrap_err().iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["settings.closes_at", "settings.minutes", "settings.devices", "settings.decimals", "settings.out_of"]);
    }
}
