"""Draws keep their values, which splits, conformers, shards and trials of studies rest on."""

import numpy as np

from confaug.config.protocols import Protocol
from confaug.conformers.protocols import random_state
from confaug.evaluation.learning_curves import Part, nested_subsets
from confaug.infrastructure import random_draws
from confaug.learning.control_rows import _noise_generator
from confaug.learning.tuning.optimiser import _random_state
from confaug.molecules.sharding import shard_name

NAMES = [f"m{i}" for i in range(8)]


def test_ranks():
    assert random_draws.rank("C=C", 7, 3) == (
        "eb6e1bd5a4c553e5af1356089d4fba39e89d1903615ee86d893db180f3cf82e5"
    )
    assert random_draws.rank("label of m1", 1, 1) == (
        "997c4dc38a3712a15e80c93e6e339f65932f02d35aca5480bd086335e6c1fd01"
    )


def test_nested_subsets():
    assert nested_subsets(
        Part(NAMES, [], {}, {name: name for name in NAMES}), [0.25, 0.5, 1.0], 2
    ) == [
        ["m1", "m6"],
        ["m1", "m6", "m5", "m3"],
        ["m1", "m6", "m5", "m3", "m0", "m4", "m2", "m7"],
    ]


def test_seeds_of_conformers():
    assert random_state("mabc", Protocol("ETKDGv3"), 2) == 544012704
    assert random_state("m0 isomer 1", Protocol("DG"), 1) == 400113098


def test_seeds_of_suggestions():
    assert [_random_state(1, 12), _random_state(20, 0)] == [599275227, 1043682333]


def test_noise():
    np.testing.assert_array_equal(
        _noise_generator("mabc", 5).standard_normal(3),
        [-1.6165450042085856, 1.3050766479025728, -0.9267112490000253],
    )


def test_shards():
    shards = [shard_name(name, 16) for name in NAMES]
    assert shards == ["04", "01", "05", "03", "06", "06", "05", "10"]
