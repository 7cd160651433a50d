"""By how much work goes better or worse where there is more of it, on a larger area, at riskier premises.

A linear model over peers: their rates against three traits, each in standard deviations. Peers differ beyond
their traits, too (`PEERS_SD`), so a large unit is no oracle; and a trait is believed to matter little until
peers show it (`TRAIT_SD`). Fewer peers than `PEERS` show nothing: then nobody is set right.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

PEERS = 12
PEERS_SD = 0.05
TRAIT_SD = 0.05


class Traits(Struct, frozen=True):
    """What makes work hard: tasks owed in the period, km² of the grids, share of premises of grade C or D."""

    load: float = 0.0
    area_km2: float = 0.0
    high_risk: float = 0.0


def expected(counted: Sequence[tuple[int, int]], traits: Sequence[Traits]) -> list[float]:
    """By how much each peer's rate, k of n, is expected above (+) or below (-) that of average traits."""
    if len(counted) < PEERS:
        return [0.0] * len(counted)
    n, k = np.array(counted, float).T
    mean = k.sum() / n.sum()
    sure = 1 / (mean * (1 - mean) / n + PEERS_SD**2)
    hard = _standard(np.array([(np.log1p(t.load), np.log1p(t.area_km2), t.high_risk) for t in traits]), sure)
    rest = k / n - np.average(k / n, weights=sure)
    slopes = np.linalg.solve(
        (hard.T * sure) @ hard + np.eye(hard.shape[1]) / TRAIT_SD**2, (hard.T * sure) @ rest
    )
    return [float(value) for value in hard @ slopes]


def _standard(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each column in standard deviations from its mean; one that does not vary is zero."""
    centred = values - np.average(values, axis=0, weights=weights)
    spread = np.sqrt(np.average(centred**2, axis=0, weights=weights))
    return np.asarray(np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 1e-9))
