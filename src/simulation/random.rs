//! Random draws that depend on the seed, the request's number and the draw's purpose alone.
//!
//! A counter-based generator: draw `n` of a stream is SplitMix64's output function (Steele, Lea
//! and Flood, "Fast splittable pseudorandom number generators", 2014) applied to a point that is
//! computed from `n`, so nothing is consumed and systems under the same seed face the same
//! draws. Functions are `libm`'s or our own: the standard library's differ by platform, but for the
//! square root, which is exact.

/// SplitMix64's increment, 2^64 / the golden ratio.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// What a draw is for; each purpose has draws of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stream {
    /// The gap before a request's arrival.
    Gap = 1,
    /// A request's I/O wait, and the angle of its normal deviate.
    Io = 2,
    IoAngle = 3,
    /// A request's CPU time, and the angle of its normal deviate.
    Cpu = 4,
    CpuAngle = 5,
    /// The worker that a connection falls to.
    Worker = 6,
    /// Whether who had the last connection of a throng has the next.
    Share = 7,
    /// How this run's costs differ from another's.
    Run = 8,
    /// How late a thread or callback is after an I/O call.
    Wake = 9,
    /// How long a table of files takes to grow.
    Grow = 10,
    /// Whether who has to let go of the GIL shares its core with the next one.
    Core = 11,
    /// Whether who asked for the GIL gets it.
    Asker = 12,
}

/// All draws of one seed's stream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StreamDraws {
    key: u64,
}

impl StreamDraws {
    /// 64 random bits.
    #[inline]
    fn bits(self, request: u32) -> u64 {
        mix(self
            .key
            .wrapping_add(GAMMA.wrapping_mul(u64::from(request) + 1)))
    }

    /// Exponential with mean 1.
    #[inline]
    pub(crate) fn exponential(self, request: u32) -> f64 {
        // The logarithm of 1 may be a crumb above 0.
        match -ln(unit(self.bits(request))) {
            x if x > 0.0 => x,
            _ => 0.0,
        }
    }
}

/// All draws of one seed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draws {
    seed: u64,
    /// The seed as it was given.
    number: u64,
}

impl Draws {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed: mix(seed),
            number: seed,
        }
    }

    /// The draws of one stream.
    pub(crate) fn of(self, stream: Stream) -> StreamDraws {
        StreamDraws {
            key: mix(self.seed.wrapping_add(GAMMA.wrapping_mul(stream as u64))),
        }
    }

    /// 64 random bits.
    fn bits(self, request: u32, stream: Stream) -> u64 {
        self.of(stream).bits(request)
    }

    /// Uniform in (0, 1]: 53 bits, never zero, so that its logarithm exists.
    pub(crate) fn uniform(self, request: u32, stream: Stream) -> f64 {
        unit(self.bits(request, stream))
    }

    /// Uniform in (0, 1] over the seeds: a half for seed 1, and as evenly as can be over any that follow each
    /// other, so that a few of them are neither dear nor cheap (Weyl's sequence of the golden ratio).
    pub(crate) fn level(self) -> f64 {
        let turned = GAMMA.wrapping_mul(self.number.wrapping_sub(1));
        unit(turned.wrapping_add(1 << 63))
    }

    /// Exponential with mean 1.
    pub(crate) fn exponential(self, request: u32, stream: Stream) -> f64 {
        self.of(stream).exponential(request)
    }

    /// Log-normals with mean 1 and coefficient of variation 1, each of a stream for the radius and one for
    /// the angle.
    ///
    /// With sigma^2 = ln(1 + CV^2) = ln 2 and mu = -sigma^2 / 2; the normal deviates are Box and
    /// Muller's (1958).
    pub(crate) fn lognormals<const N: usize>(
        self,
        request: u32,
        streams: [(Stream, Stream); N],
    ) -> [f64; N] {
        use std::f64::consts::LN_2;
        let cosines = cosines(streams.map(|(_, angle)| self.uniform(request, angle)));
        std::array::from_fn(|i| {
            let radius = (2.0 * self.exponential(request, streams[i].0)).sqrt();
            libm::exp(LN_2.sqrt() * (radius * cosines[i]) - LN_2 / 2.0)
        })
    }

    /// Uniform in `0..n` (Lemire's multiplication; its bias is below n / 2^64).
    pub(crate) fn below(self, n: u32, request: u32, stream: Stream) -> u32 {
        ((u128::from(self.bits(request, stream)) * u128::from(n)) >> 64) as u32
    }
}

/// Parts of the octave from 1 to 2 that have a middle of their own.
const PARTS: usize = 128;

/// The middle of each part: its reciprocal and its natural logarithm.
static MIDDLES: [(f64, f64); PARTS] = middles();

const fn middles() -> [(f64, f64); PARTS] {
    let mut all = [(0.0, 0.0); PARTS];
    let mut i = 0;
    while i < PARTS {
        let middle = middle(i);
        // ln x = 2 artanh ((x - 1) / (x + 1)), by its series from the smallest term.
        let y = (middle - 1.0) / (middle + 1.0);
        let (mut sum, mut n) = (0.0, 41);
        while n > 0 {
            sum = 1.0 / n as f64 + y * y * sum;
            n -= 2;
        }
        all[i] = (1.0 / middle, 2.0 * y * sum);
        i += 1;
    }
    all
}

const fn middle(part: usize) -> f64 {
    1.0 + (part as f64 + 0.5) / PARTS as f64
}

/// The upper 53 of 64 bits as a number in (0, 1].
fn unit(bits: u64) -> f64 {
    const UNIT: f64 = 1.0 / (1u64 << 53) as f64;
    ((bits >> 11) + 1) as i64 as f64 * UNIT
}

/// The natural logarithm of a positive normal number, to within 4e-16 or that share of itself. It takes
/// sums and products alone, so it is the same on every machine, and less time than a library's: a Poisson
/// run of exponential work takes two a request. Compiled once.
#[inline(never)]
fn ln(x: f64) -> f64 {
    const FRACTION: u64 = (1 << 52) - 1;
    let bits = x.to_bits();
    let octave = (bits >> 52) as i32 - 1023;
    let part = (bits >> 45) as usize % PARTS;
    let (reciprocal, ln_middle) = MIDDLES[part];
    let x = f64::from_bits(bits & FRACTION | 1023 << 52);
    // ln x = ln middle + ln (1 + r), and r is at most 1/256.
    let r = (x - middle(part)) * reciprocal;
    let square = r * r;
    let series = square * ((1.0 / 3.0 - r * 0.25) + square * (0.2 - r * (1.0 / 6.0)));
    f64::from(octave) * std::f64::consts::LN_2 + (ln_middle + (r - square * 0.5 + r * series))
}

/// The cosines of so many turns, 0 to 1. Taylor's series of the sine within a quarter turn, to the last
/// bit or two: a library's cosine is made for all numbers, and three times the code. Side by side, as each
/// waits for its divisions one after the other.
fn cosines<const N: usize>(turns: [f64; N]) -> [f64; N] {
    // A quarter turn less the distance from half a turn, upside down.
    let x = turns.map(|turns| -std::f64::consts::TAU * (0.25 - (turns - 0.5).abs()));
    let square = x.map(|x| x * x);
    let mut series = [1.0; N];
    for n in (1..=11).rev() {
        let n = f64::from(2 * n);
        for i in 0..N {
            series[i] = 1.0 - series[i] * square[i] / (n * (n + 1.0));
        }
    }
    std::array::from_fn(|i| x[i] * series[i])
}

/// SplitMix64's output function: a bijection that spreads every input bit over all output bits.
pub(crate) fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logarithm_is_the_librarys() {
        let draws = Draws::new(5);
        let uniform = (0..N).map(|n| draws.uniform(n, Stream::Gap));
        for x in uniform.chain([f64::MIN_POSITIVE, 1e-300, 0.5, 1.0, 1.0 - f64::EPSILON]) {
            let exact = x.ln();
            let error = (ln(x) - exact).abs();
            assert!(error <= 4e-16 * exact.abs().max(1.0), "{x}: {error}");
        }
        assert!(ln(1.0).abs() < 1e-17);
    }

    #[test]
    fn the_cosine_is_the_librarys() {
        for i in 0..=1000 {
            let turns = f64::from(i) / 1000.0;
            let exact = (std::f64::consts::TAU * turns).cos();
            assert!((cosines([turns])[0] - exact).abs() < 1e-15, "{turns}");
        }
    }

    const N: u32 = 200_000;

    fn moments(draw: impl Fn(u32) -> f64) -> (f64, f64) {
        let mean = (0..N).map(&draw).sum::<f64>() / f64::from(N);
        let square = (0..N).map(|n| (draw(n) - mean).powi(2)).sum::<f64>();
        (mean, square / f64::from(N))
    }

    // Four standard errors of the mean: 4 / sqrt(200 000) = 0.009 for a variance of 1.
    #[test]
    fn means_and_variances_are_those_of_the_distributions() {
        let draws = Draws::new(1);
        let (mean, variance) = moments(|n| draws.uniform(n, Stream::Gap));
        assert!((mean - 0.5).abs() < 0.003 && (variance - 1.0 / 12.0).abs() < 0.001);
        let (mean, variance) = moments(|n| draws.exponential(n, Stream::Io));
        assert!((mean - 1.0).abs() < 0.009 && (variance - 1.0).abs() < 0.03);
        let (mean, variance) =
            moments(|n| draws.lognormals(n, [(Stream::Cpu, Stream::CpuAngle)])[0]);
        assert!((mean - 1.0).abs() < 0.009 && (variance - 1.0).abs() < 0.06);
    }

    #[test]
    fn levels_of_a_few_seeds_are_spread_evenly() {
        for seeds in [5, 9, 25, 200] {
            let mut levels: Vec<f64> = (1..=seeds).map(|seed| Draws::new(seed).level()).collect();
            assert!((levels[0] - 0.5).abs() < 1e-9);
            levels.sort_by(f64::total_cmp);
            for (i, level) in levels.iter().enumerate() {
                let even = (i as f64 + 0.5) / seeds as f64;
                assert!(
                    (level - even).abs() < 2.0 / seeds as f64,
                    "{seeds}: {level} for {even}"
                );
            }
        }
        assert!((0.0..=1.0).contains(&Draws::new(u64::MAX).level()));
    }

    #[test]
    fn streams_and_neighbouring_requests_are_uncorrelated() {
        let draws = Draws::new(7);
        let centred = |n, stream| draws.uniform(n, stream) - 0.5;
        let product = |f: &dyn Fn(u32) -> f64| (0..N).map(f).sum::<f64>() / f64::from(N) * 12.0;
        let streams = product(&|n| centred(n, Stream::Io) * centred(n, Stream::Cpu));
        let neighbours = product(&|n| centred(n, Stream::Io) * centred(n + 1, Stream::Io));
        assert!(streams.abs() < 0.009, "{streams}");
        assert!(neighbours.abs() < 0.009, "{neighbours}");
    }

    #[test]
    fn every_worker_is_drawn_equally_often() {
        let draws = Draws::new(3);
        let mut counts = [0u32; 7];
        (0..70_000).for_each(|n| counts[draws.below(7, n, Stream::Worker) as usize] += 1);
        // 10 000 expected each; four standard deviations are 370.
        assert!(
            counts.iter().all(|c| c.abs_diff(10_000) < 370),
            "{counts:?}"
        );
    }
}
