"""The simulator's random draws (`src/simulation/random.rs`), so that real servers face the very arrivals and the very work that
it simulates under the same seed: draw `n` of a stream is SplitMix64's output function at a point that is computed from `n`."""

import math

BITS = (1 << 64) - 1
GAMMA = 0x9E3779B97F4A7C15
GAP, IO, IO_ANGLE, CPU, CPU_ANGLE = 1, 2, 3, 4, 5


def _mix(z):
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & BITS
    z = (z ^ z >> 27) * 0x94D049BB133111EB & BITS
    return z ^ z >> 31


class Draws:
    """All draws of one seed."""

    def __init__(self, seed):
        self.seed = _mix(seed)

    def uniform(self, request, stream):
        """In (0, 1]."""
        key = _mix(self.seed + GAMMA * stream & BITS)
        return ((_mix(key + GAMMA * (request + 1) & BITS) >> 11) + 1) / (1 << 53)

    def exponential(self, request, stream):
        """With mean 1."""
        return -math.log(self.uniform(request, stream))

    def lognormal(self, request, radius, angle):
        """With mean 1 and coefficient of variation 1."""
        normal = math.sqrt(2 * self.exponential(request, radius)) * math.cos(math.tau * self.uniform(request, angle))
        return math.exp(math.sqrt(math.log(2)) * normal - math.log(2) / 2)
