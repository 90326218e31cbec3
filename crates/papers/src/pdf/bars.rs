//! Bars drawn below letters and behind them: underlines and highlights, which are no letters' own look
//! in a PDF, and by which teachers show keys.

use super::runs::Run;

/// Bars looked at on one page; a page of tables has some thousand.
pub(super) const MOST: usize = 4000;

/// A horizontal bar, in the page's own measure.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bar {
    pub(super) left: f32,
    pub(super) right: f32,
    pub(super) bottom: f32,
    pub(super) top: f32,
    /// What it is filled with; `None` where it is only drawn along its edge.
    pub(super) fill: Option<[u8; 3]>,
}

impl Bar {
    /// From two corners.
    pub(super) fn new((x0, y0): (f32, f32), (x1, y1): (f32, f32), fill: Option<[u8; 3]>) -> Option<Self> {
        let bar = Self { left: x0.min(x1), right: x0.max(x1), bottom: y0.min(y1), top: y0.max(y1), fill };
        let finite = [x0, y0, x1, y1].iter().all(|number| number.is_finite());
        (finite && bar.right - bar.left > 1.0).then_some(bar)
    }

    fn covers(&self, run: &Run) -> bool {
        let over = self.right.min(run.x + run.width) - self.left.max(run.x);
        over >= 0.6 * run.width && run.width > 0.0
    }

    /// Whether it lies where an underline of the letters lies.
    fn is_under(&self, run: &Run) -> bool {
        let low = run.y - self.top;
        self.top - self.bottom <= 0.15 * run.size && low >= -0.05 * run.size && low <= 0.28 * run.size && self.covers(run)
    }

    /// Whether it lies behind the letters in a colour that strikes the eye.
    fn is_behind(&self, run: &Run) -> bool {
        let Some([red, green, blue]) = self.fill else { return false };
        let bright = red.max(green).max(blue).abs_diff(red.min(green).min(blue)) > 90;
        let tall = self.top - self.bottom >= 0.6 * run.size && self.top - self.bottom <= 2.5 * run.size;
        bright && tall && self.bottom <= run.y && self.top >= run.y + 0.5 * run.size && self.covers(run)
    }
}

/// Gives runs the looks of the bars below and behind them.
pub(super) fn give(runs: &mut [Run], bars: &[Bar]) {
    // Pages of endless letters and bars are not worth the time.
    let most = MOST.min(8_000_000 / (runs.len() + 1));
    for bar in bars.iter().take(most) {
        let under: Vec<usize> = (0..runs.len()).filter(|at| runs.get(*at).is_some_and(|run| bar.is_under(run))).collect();
        // It begins and ends where letters do; borders of tables and lines across the page do not.
        let ends = |edge: f32, of: &dyn Fn(&Run) -> f32| {
            under.iter().filter_map(|at| runs.get(*at)).any(|run| (of(run) - edge).abs() <= 0.35 * run.size)
        };
        // Letters close below make it the bar of a fraction.
        let fraction = runs.iter().any(|run| {
            let middle = run.x + run.width / 2.0;
            let gap = bar.bottom - run.y;
            !run.text.trim().is_empty() && middle > bar.left && middle < bar.right && gap > 0.2 * run.size && gap < 1.05 * run.size
        });
        if !fraction && ends(bar.left, &|run| run.x) && ends(bar.right, &|run| run.x + run.width) {
            for at in under {
                if let Some(run) = runs.get_mut(at) {
                    run.look.marks.underline = true;
                }
            }
        }
        for run in runs.iter_mut().filter(|run| bar.is_behind(run)) {
            run.look.highlighted = true;
        }
    }
}
