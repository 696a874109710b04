"""Random choices drawn from a hash of what they are about, so that they depend on nothing else.

A choice that a generator makes depends on all choices before it: one molecule more would change the
splits, the conformers and the noise of all others. A choice made by the hash of a name does not,
and it is the same on every machine and under every version of every library.
"""

import hashlib


def rank(item: str, seed: int | str, draw: int) -> str:
    """Return the place of an item in a random order, as a digest to sort by.

    Parameters
    ----------
    item
        What is put in order: a molecule, a group of molecules, a row.
    seed
        Seed, or the name of the purpose where nothing else of this kind is drawn.
    draw
        Number of the order: every draw is another one.

    Examples
    --------
    >>> sorted("abcd", key=lambda item: rank(item, seed=1, draw=1))
    ['d', 'a', 'c', 'b']
    """
    return hashlib.sha256(f"{seed}\0{draw}\0{item}".encode()).hexdigest()


def integer(key: str, bits: int = 64) -> int:
    """Return an integer from 0 to 2^bits - 1 that is drawn by a key.

    Examples
    --------
    >>> integer("m0", bits=8), integer("m1", bits=8)
    (228, 202)
    """
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[: bits // 8], "big")
