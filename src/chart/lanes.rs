//! A run as a timeline: a row a lane, or a row a request.

use std::sync::Arc;

use super::raster::{Bar, Raster, Shade};
use super::scale::Axis;
use crate::simulation::Run;

/// What a timeline's rows stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A row a thread, a loop or a pool's worker.
    Lane,
    /// A row a request, in order of arrival; several to a row where there are more than pixels.
    Request,
}

impl By {
    /// A row a thread where each thread has one request at a time, else a row a request.
    pub fn lanes_of(run: &Run) -> Self {
        match run.lanes.first() {
            Some(lane) if lane.thread.is_some() => Self::Lane,
            _ => Self::Request,
        }
    }
}

/// A run, how to read it, and the stretch of time to show.
#[derive(Clone)]
pub struct Timeline {
    pub run: Arc<Run>,
    pub by: By,
    pub axis: Axis,
}

impl Timeline {
    /// How many rows there are to show.
    pub fn rows(&self) -> u32 {
        match self.by {
            By::Lane => self.run.lanes.len() as u32,
            By::Request => self.run.requests.len() as u32,
        }
    }

    /// What fills `width` pixels by at most `most` rows.
    pub fn bars(&self, width: u32, most: u32) -> Vec<Bar> {
        let total = self.rows().max(1);
        let rows = total.min(most.max(1));
        let row = |index: u32| (u64::from(index) * u64::from(rows) / u64::from(total)) as u32;
        let mut raster = Raster::new(self.axis, width, rows);
        for span in &self.run.spans {
            let index = match self.by {
                By::Lane => span.lane,
                By::Request => span.request,
            };
            raster.add(row(index), span.state.into(), span.start, span.end);
        }
        if self.by == By::Request {
            for (index, request) in (0..).zip(&self.run.requests) {
                raster.add(row(index), Shade::Queued, request.arrival, request.admitted);
            }
        }
        raster.bars()
    }

    /// Where one request follows another on a lane, as (row, pixel): the seams that keep waves
    /// apart. Empty by request, or where requests are too narrow to tell apart.
    pub fn seams(&self, width: u32) -> Vec<(u32, u32)> {
        let lanes = self.run.lanes.len().max(1);
        let crowded = self.run.requests.len() > lanes * width as usize / 3;
        if self.by == By::Request || crowded || self.run.lanes.iter().any(|l| l.thread.is_none()) {
            return Vec::new();
        }
        let scale = f64::from(width) / self.axis.end as f64;
        self.run
            .requests
            .iter()
            .filter(|request| request.admitted > 0)
            .map(|request| (request.lane, (request.admitted as f64 * scale) as u32))
            .collect()
    }
}
