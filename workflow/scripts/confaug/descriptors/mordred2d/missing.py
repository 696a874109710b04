"""Reasons for gaps that come from an unknown atomic property."""

import numpy as np

from confaug.descriptors.mordred2d.graph import Graph
from confaug.descriptors.mordred2d.properties import PROPERTIES
from confaug.descriptors.mordred2d.reasons import Reason


def property_reasons(graph: Graph, code: str, names: tuple[str, ...]) -> list[Reason]:
    """Say which atoms have no value of a property that descriptors are weighted with.

    Parameters
    ----------
    graph
        The atoms that the descriptors are about.
    code
        Code of the property, one of `properties.PROPERTIES`.
    names
        The descriptors.
    """
    missing = np.isnan(graph.property(code))
    if not missing.any():
        return []
    what, symbols = PROPERTIES[code], graph.symbols(missing)
    if code == "c":
        text = f"there are no Gasteiger charges for components with {symbols}"
    elif code == "s":
        text = f"{symbols} without heavy neighbours has no intrinsic state"
    else:
        text = f"no {what} is tabulated for {symbols}"
    return [Reason(f"no_{what.replace(' ', '_').replace('-', '_').lower()}", text, names)]
