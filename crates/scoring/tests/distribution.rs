//! How the marks of many lie.
#![allow(clippy::unwrap_used, reason = "fixtures are made outside of test functions")]

mod support;

use proptest::prelude::*;
use scoring::{Exact, distribution};
use support::dec;

#[test]
fn marks_are_counted_in_bins_of_which_the_last_holds_its_end() {
    let marks: Vec<Exact> = ["0", "0.99", "1", "5", "9.99", "10", "10"].iter().map(|mark| dec(mark)).collect();
    let told = distribution(&marks, Exact::TEN, 10, 2);
    assert_eq!(told.bins.iter().map(|bin| bin.count).collect::<Vec<_>>(), [2, 1, 0, 0, 0, 1, 0, 0, 0, 3]);
    assert_eq!((told.bins[3].from, told.bins[3].to), (dec("3"), dec("4")));
    let thirds = distribution(&marks, Exact::TEN, 3, 2);
    assert_eq!((thirds.bins[1].from, thirds.bins[1].to), (dec("3.3333"), dec("6.6667")));
    assert_eq!(thirds.bins.iter().map(|bin| bin.count).collect::<Vec<_>>(), [3, 1, 3]);
}

#[test]
fn mean_median_and_deviation_are_exact_and_rounded_half_up() {
    let told = |marks: &[&str], decimals| {
        let marks: Vec<Exact> = marks.iter().map(|mark| dec(mark)).collect();
        let told = distribution(&marks, Exact::TEN, 10, decimals);
        [told.mean, told.median, told.deviation, told.lowest, told.highest]
            .map(|number| number.map(|number| number.to_string()).unwrap_or_default())
    };
    assert_eq!(told(&["2", "4", "4", "4", "5", "5", "7", "9"], 2), ["5.00", "4.50", "2.00", "2.00", "9.00"]);
    assert_eq!(told(&["7.25", "7.24"], 2), ["7.25", "7.25", "0.01", "7.24", "7.25"], "7.245 and 0.005 go up");
    assert_eq!(told(&["1", "2"], 4), ["1.5000", "1.5000", "0.5000", "1.0000", "2.0000"]);
    assert_eq!(told(&["0", "0", "1"], 4), ["0.3333", "0.0000", "0.4714", "0.0000", "1.0000"]);
    assert_eq!(told(&["8"], 1), ["8.0", "8.0", "0.0", "8.0", "8.0"]);
    assert_eq!(told(&[], 1), ["", "", "", "", ""]);
}

proptest! {
    #[test]
    fn every_mark_is_in_one_bin_whatever_it_is(marks in prop::collection::vec(any::<i64>(), 0..50), out_of in any::<i64>(), bins: u16, decimals in 0_u32..40) {
        let marks: Vec<Exact> = marks.into_iter().map(|mark| Exact::new(mark, 3)).collect();
        let told = distribution(&marks, Exact::new(out_of, 2), bins, decimals);
        prop_assert_eq!(told.bins.iter().map(|bin| bin.count).sum::<u64>(), marks.len() as u64);
        prop_assert_eq!(told.count, marks.len() as u64);
    }
}
