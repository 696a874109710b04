"""Check the text of a LightGBM model completely before LightGBM reads it.

LightGBM trusts its own files: a wrong count, a missing child or a truncated tree makes it write
outside its memory, crash, or run forever. Only what LightGBM 4 itself writes for the models of this
program is accepted: one number per row, the features and the objective that the bundle declares,
and binary trees of numerical splits in which every node is reached exactly once. Text that LightGBM
would skip, guess or read in another way is refused, so that the checked model is the one that
predicts. Only the form of the parameters and importances after the trees is checked; they are not
passed on.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from confaug.config.lightgbm_parameters import canonical_parameters, safe_name
from confaug.config.lightgbm_values import Parameters
from confaug.errors import UserError

Integers = NDArray[np.int64]

#: A model of 30,000 rounds with 100 leaves has some 300 MB.
MAX_BYTES = 1 << 30
MAX_TREES = 1_000_000
#: LightGBM's own limit.
MAX_LEAVES = 131_072
#: SHAP values are calculated by recursion, in memory that grows with the square of the depth.
MAX_DEPTH = 1024

_COUNT = r"[0-9]{1,9}"
_INTEGER = rf"-?{_COUNT}"
# As "%.17g" writes it, and not at the ends of double precision, where no model has numbers.
# What has an exponent comes first, because a match is final.
_NUMBER = r"-?(?:[0-9](?:\.[0-9]{1,16})?e[+-](?:[0-2]?[0-9]{2}|300)|[0-9]{1,17}(?:\.[0-9]{1,21})?)"
#: A split between known and missing values has an infinite threshold; gains may overflow.
_OR_INFINITE = rf"(?:{_NUMBER}|-?inf)"
_KEYS_OF_SPLITS = {
    "split_feature": _COUNT,
    "split_gain": _OR_INFINITE,
    "threshold": rf"(?:{_NUMBER}|inf)",
    "decision_type": r"[0-9]{1,2}",
    "left_child": _INTEGER,
    "right_child": _INTEGER,
}
_KEYS_OF_LEAVES = {"leaf_value": _NUMBER, "leaf_weight": _NUMBER, "leaf_count": _COUNT}
_KEYS_OF_NODES = {
    "internal_value": _OR_INFINITE,
    "internal_weight": _OR_INFINITE,
    "internal_count": _COUNT,
}
#: Bits: categorical (1), missing goes left (2), and what is missing: nothing, zero (4) or NaN (8).
_DECISIONS = (0, 2, 4, 6, 8, 10)


def _array(name: str, item: str) -> str:
    """Return a pattern of a line with the items of an array."""
    return rf"{name}=(?P<{name}>(?:{item}(?: {item})*+)?+)\n"


_TREE = re.compile(
    r"Tree=(?P<number>[0-9]{1,7})\nnum_leaves=(?P<num_leaves>[0-9]{1,7})\nnum_cat=0\n"
    + "".join(
        _array(*entry)
        for keys in (_KEYS_OF_SPLITS, _KEYS_OF_LEAVES, _KEYS_OF_NODES)
        for entry in keys.items()
    )
    + rf"is_linear=0\nshrinkage={_NUMBER}\n\n\n"
)
_HEADER = re.compile(
    r"tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\n"
    r"max_feature_idx=(?P<max_feature_idx>[0-9]{1,9})\n"
    r"objective=(?P<objective>[a-z0-9_]+)\n"
    r"feature_names=(?P<feature_names>[!-~]+(?: [!-~]+)*+)\n"
    rf"feature_infos=(?P<feature_infos>(?:none|\[{_OR_INFINITE}:{_OR_INFINITE}\])"
    rf"(?: (?:none|\[{_OR_INFINITE}:{_OR_INFINITE}\]))*+)\n"
    r"tree_sizes=(?P<tree_sizes>[0-9]{1,10}(?: [0-9]{1,10})*+)\n\n"
)
_END = "end of trees\n"
_TAIL = re.compile(
    r"\nfeature_importances:\n(?:[!-~]+=[0-9]{1,20}\n)*+"
    r"\nparameters:\n(?:\[[a-z0-9_]+: [^\x00-\x1f\x7f]*+\n)*+\nend of parameters\n"
    r"\npandas_categorical:null\n"
)


class _FormatError(Exception):
    """A text is not that of a model; the message says where."""


def check_model_text(content: bytes, features: Sequence[str], parameters: Parameters) -> str:
    """Check the text of a model and return the part of it that predicts.

    Parameters
    ----------
    content
        The whole file.
    features
        Names of the features that the model must have, in their order.
    parameters
        The parameters that the model was trained with, as a study has them; the objective must be
        theirs.

    Returns
    -------
    str
        What LightGBM may read: header and trees.

    Raises
    ------
    UserError
        If anything is not as LightGBM writes it; the message says what and where.
    """
    try:
        if len(content) > MAX_BYTES:
            raise _FormatError(f"more than {MAX_BYTES} bytes")
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise _FormatError(f"byte {error.start} is not text") from error
        header = _HEADER.match(text)
        if header is None:
            raise _FormatError("its first lines are not those of a model with one output")
        _check_header(header, features, parameters)
        end = _check_trees(text, header.end(), header["tree_sizes"].split(" "), len(features))
        if not text.startswith(_END, end):
            raise _FormatError("more follows the last tree than its header announces")
        end += len(_END)
        if not _TAIL.fullmatch(text, end):
            raise _FormatError("the parameters behind the trees are incomplete")
    except _FormatError as fault:
        raise UserError(f"is not a LightGBM model of this program ({fault})") from fault
    return text[:end]


def _check_header(header: re.Match[str], features: Sequence[str], parameters: Parameters) -> None:
    """Compare the header with the description of the model."""
    for name in ("feature_names", "feature_infos"):
        if header[name].count(" ") + 1 != len(features):
            raise _FormatError(f"{name} has other than {len(features)} entries")
    if int(header["max_feature_idx"]) != len(features) - 1:
        raise _FormatError(f"max_feature_idx is {header['max_feature_idx']}")
    if header["feature_names"].split(" ") != [safe_name(name) for name in features]:
        raise _FormatError("it does not belong to its description: other features")
    declared = canonical_parameters(parameters)
    objective = str(declared.get("objective", "regression"))
    if header["objective"] != objective:
        raise _FormatError(f"its objective is {header['objective']}, not {objective}")


def _check_trees(text: str, start: int, sizes: Sequence[str], n_features: int) -> int:
    """Check all trees in turn; return where they end."""
    if len(sizes) > MAX_TREES:
        raise _FormatError(f"it has more than {MAX_TREES} trees")
    for number, size in enumerate(sizes):
        end = start + int(size)
        tree = _TREE.fullmatch(text, start, end)
        if tree is None or end > len(text) or tree["number"] != str(number):
            raise _FormatError(f"tree {number} is not complete")
        try:
            _check_tree(tree, n_features)
        except _FormatError as fault:
            raise _FormatError(f"tree {number}: {fault}") from fault
        start = end
    return start


def _check_tree(tree: re.Match[str], n_features: int) -> None:
    """Check the numbers of one tree."""
    leaves = int(tree["num_leaves"])
    if not 1 <= leaves <= MAX_LEAVES:
        raise _FormatError(f"it has {leaves} leaves")
    splits = leaves - 1
    # A tree that is one leaf states its value and its rows alone.
    sizes = dict.fromkeys((*_KEYS_OF_SPLITS, *_KEYS_OF_NODES), splits)
    sizes |= {"leaf_value": leaves, "leaf_count": leaves, "leaf_weight": leaves if splits else 0}
    for name, size in sizes.items():
        found = tree[name].count(" ") + 1 if tree[name] else 0
        if found != size:
            raise _FormatError(f"{name} has {found} entries instead of {size}")
    if not splits:
        return
    if not np.isin(_integers(tree["decision_type"]), _DECISIONS).all():
        raise _FormatError("a split is not numerical")
    if _integers(tree["split_feature"]).max() >= n_features:
        raise _FormatError("a split asks for a feature that the model does not have")
    _check_children(_integers(tree["left_child"]), _integers(tree["right_child"]))


def _check_children(left: Integers, right: Integers) -> None:
    """Check that the nodes form one tree, in which every node is reached once from the root.

    LightGBM numbers a node after the one that it grows from, so that children have higher numbers
    than their parents and no path is circular. Leaf i is written as -1 - i.
    """
    splits = len(left)
    children = np.concatenate([left, right])
    inner = children >= 0
    if not np.array_equal(np.sort(children[inner]), np.arange(1, splits)):
        raise _FormatError("its nodes do not form one tree")
    if not np.array_equal(np.sort(-1 - children[~inner]), np.arange(splits + 1)):
        raise _FormatError("its leaves do not belong to one tree")
    parents = np.tile(np.arange(splits), 2)
    if (children[inner] <= parents[inner]).any():
        raise _FormatError("its nodes form a circle")
    if splits > MAX_DEPTH and _depth(left, right) > MAX_DEPTH:
        raise _FormatError(f"it is deeper than {MAX_DEPTH} splits")


def _depth(left: Integers, right: Integers) -> int:
    """Return the number of splits on the longest path through a tree."""
    depth = np.ones(len(left), dtype=np.int64)
    for node, children in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        for child in children:
            if child >= 0:
                depth[child] = depth[node] + 1
    return int(depth.max())


def _integers(text: str) -> Integers:
    """Return the integers of a line."""
    return np.fromstring(text, dtype=np.int64, sep=" ")
