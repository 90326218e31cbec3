//! Shapes as paths in the picture's units.

use std::f64::consts::TAU;
use std::fmt::Write as _;

use super::canvas::{Canvas, Point, number};

/// What joins the ends of an arc.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    Open,
    Chord,
    Centre,
}

/// Whether the last point is joined to the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closing {
    Open,
    Closed,
}

impl Canvas {
    fn place(&self, out: &mut String, command: char, point: Point) {
        let (x, y) = self.point(point);
        let _ = write!(out, "{command}{} {}", number(x), number(y));
    }

    pub(super) fn polyline(&self, points: &[Point], closing: Closing) -> String {
        let mut out = String::new();
        for (at, point) in points.iter().enumerate() {
            self.place(&mut out, if at == 0 { 'M' } else { 'L' }, *point);
        }
        if closing == Closing::Closed && !out.is_empty() {
            out.push('Z');
        }
        out
    }

    /// Curves: after the first point three for each.
    pub(super) fn curves(&self, points: &[Point]) -> String {
        let mut out = String::new();
        let Some((first, rest)) = points.split_first() else { return out };
        self.place(&mut out, 'M', *first);
        for three in rest.chunks_exact(3) {
            for (at, point) in three.iter().enumerate() {
                self.place(&mut out, if at == 0 { 'C' } else { ' ' }, *point);
            }
        }
        out
    }

    pub(super) fn rectangle(&self, (left, top): Point, (right, bottom): Point) -> String {
        self.polyline(&[(left, top), (right, top), (right, bottom), (left, bottom)], Closing::Closed)
    }

    pub(super) fn ellipse(&self, corner: Point, other: Point) -> String {
        self.arc(corner, other, 0.0, TAU, Ends::Chord)
    }

    pub(super) fn rounded(&self, (left, top): Point, (right, bottom): Point, (width, height): Point) -> String {
        let (left, right) = (left.min(right), left.max(right));
        let (top, bottom) = (top.min(bottom), top.max(bottom));
        let x = (width.abs() / 2.0).min((right - left) / 2.0);
        let y = (height.abs() / 2.0).min((bottom - top) / 2.0);
        let mut out = String::new();
        self.place(&mut out, 'M', (left + x, top));
        for (line, corner, end) in [
            ((right - x, top), (right, top), (right, top + y)),
            ((right, bottom - y), (right, bottom), (right - x, bottom)),
            ((left + x, bottom), (left, bottom), (left, bottom - y)),
            ((left, top + y), (left, top), (left + x, top)),
        ] {
            self.place(&mut out, 'L', line);
            self.place(&mut out, 'Q', corner);
            self.place(&mut out, ' ', end);
        }
        out.push('Z');
        out
    }

    /// Part of an ellipse between two rays from its centre, against the clock as Windows draws it.
    pub(super) fn arc_between(&self, corner: Point, other: Point, start: Point, end: Point, ends: Ends) -> String {
        let centre = ((corner.0 + other.0) / 2.0, (corner.1 + other.1) / 2.0);
        let radius = (((other.0 - corner.0) / 2.0).abs().max(1e-9), ((other.1 - corner.1) / 2.0).abs().max(1e-9));
        let angle = |point: Point| ((point.1 - centre.1) / radius.1).atan2((point.0 - centre.0) / radius.0);
        let (from, to) = (angle(start), angle(end));
        // In units that grow downwards, against the clock is towards smaller angles.
        let mut sweep = to - from;
        while sweep >= -1e-9 {
            sweep -= TAU;
        }
        self.arc(corner, other, from, sweep.max(-TAU), ends)
    }

    fn arc(&self, corner: Point, other: Point, from: f64, sweep: f64, ends: Ends) -> String {
        let centre = ((corner.0 + other.0) / 2.0, (corner.1 + other.1) / 2.0);
        let radius = ((other.0 - corner.0) / 2.0, (other.1 - corner.1) / 2.0);
        let radius = (radius.0.abs(), radius.1.abs());
        let at = |angle: f64| (centre.0 + radius.0 * angle.cos(), centre.1 + radius.1 * angle.sin());
        // Eight curves at most are a circle to the eye.
        let step = sweep / 8.0;
        let reach = 4.0 / 3.0 * (step / 4.0).tan();
        let mut out = String::new();
        if ends == Ends::Centre {
            self.place(&mut out, 'M', centre);
            self.place(&mut out, 'L', at(from));
        } else {
            self.place(&mut out, 'M', at(from));
        }
        let mut angle = from;
        for _ in 0..8 {
            let next = angle + step;
            let (a, b) = (at(angle), at(next));
            let first = (a.0 - reach * radius.0 * angle.sin(), a.1 + reach * radius.1 * angle.cos());
            let second = (b.0 + reach * radius.0 * next.sin(), b.1 - reach * radius.1 * next.cos());
            self.place(&mut out, 'C', first);
            self.place(&mut out, ' ', second);
            self.place(&mut out, ' ', b);
            angle = next;
        }
        if ends != Ends::Open {
            out.push('Z');
        }
        out
    }
}
