//! One number for a whole run, to compare runs across platforms and versions.

use super::Run;

impl Run {
    /// A hash (FNV-1a, taken by 64-bit words) of every request and every span.
    ///
    /// The same scenario has the same fingerprint natively and in WebAssembly.
    pub fn fingerprint(&self) -> u64 {
        let requests = self
            .requests
            .iter()
            .flat_map(|r| [r.arrival, r.admitted, r.start, r.end, u64::from(r.lane)]);
        let spans = self.spans.iter().flat_map(|s| {
            let who = u64::from(s.request) << 32 | u64::from(s.lane);
            [who, s.state as u64, s.start, s.end]
        });
        requests
            .chain(spans)
            .fold(0xcbf2_9ce4_8422_2325, |hash, word| {
                (hash ^ word).wrapping_mul(0x0000_0100_0000_01b3)
            })
    }
}
