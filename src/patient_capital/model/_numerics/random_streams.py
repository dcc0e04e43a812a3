"""Random numbers in blocks with a seed each, so that no result depends on the number of tasks or workers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

BLOCK = 65_536
"""Draws of one block; as floats they take half a mebibyte, so that they stay in the cache of a core."""
DEALS, SHOCKS, KINDS = 0, 1, 2
"""Kinds of draws, which never share a generator: the deals, and the common shock of a portfolio."""
SEEDED_TOGETHER = 16
"""Blocks whose seeds are taken from one hash: hashing alone would cost a tenth of the draws of a block."""
WORDS = 4
"""Words of 64 bits that are the state of SFC64."""


def block_generators(seed: int, stream: int, blocks: range) -> Iterator[np.random.Generator]:
    """Yield the generator of each of several blocks, independent of that of any other; use it before the next.

    Parameters
    ----------
    seed : int
        Seed of the whole simulation, zero or more.
    stream : int
        Which sequence of blocks.
    blocks : range
        Places of the blocks in their sequence.

    Yields
    ------
    numpy.random.Generator
        SFC64, the fastest generator of NumPy here. Its state is the four words that belong to the block alone in
        what ``SeedSequence(seed, spawn_key=(stream, block // 16))`` gives; one object serves all blocks in turn.
    """
    bits = np.random.SFC64(0)
    generator = np.random.Generator(bits)
    group = -1
    for block in blocks:
        if block // SEEDED_TOGETHER != group:
            group = block // SEEDED_TOGETHER
            words = np.random.SeedSequence(seed, spawn_key=(stream, group))
            seeds = words.generate_state(SEEDED_TOGETHER * WORDS, np.uint64).reshape(-1, WORDS)
        bits.state = {
            "bit_generator": "SFC64",
            "state": {"state": seeds[block % SEEDED_TOGETHER]},
            "has_uint32": 0,
            "uinteger": 0,
        }
        yield generator


def block_generator(seed: int, stream: int, block: int) -> np.random.Generator:
    """Return the generator of one block, as :func:`block_generators` yields it."""
    return next(block_generators(seed, stream, range(block, block + 1)))


def block_tasks(blocks: int, blocks_per_task: int) -> list[range]:
    """Cut a number of blocks into the ranges that a task each draws."""
    return [range(start, min(start + blocks_per_task, blocks)) for start in range(0, blocks, blocks_per_task)]
