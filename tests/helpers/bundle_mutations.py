"""Bundles that accidents have damaged or that a hostile author has written, by the thousand."""

import json
import math
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from resealing import Files, reseal, with_text

from confaug.prediction.description import MODEL_FILE, NUMBERS_FILE, TRAINING_FILE
from confaug.prediction.origin import DOCUMENT_FILE

NUMBERS = ["0", "-1", "1", "2", "3", "7", "9999", "200000", "-200000", "2147483648", "-2147483649"]
NUMBERS += [
    "1e300",
    "1e999",
    "-1e999",
    "nan",
    "inf",
    "-inf",
    "0x10",
    "",
    "1 2",
    "1e-400",
    "1e-310",
    "5e-324",
    "1e+308",
    "0.1e+5",
    "1e5",
    "00",
    ".",
]
NUMBERS += ["99999999999999999999", "1.5", "-0", "+1", "١", "1,5", "\r", "\x00"]
#: Values that do not belong where they are put; the last ones are not JSON of ours at all.
VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    1e308,
    -1e308,
    2**53,
    "",
    "x",
    "\x1b[31m",
    "\u202e",
    {},
]
VALUES += [[], [[]], {"a": {}}, "C" * 30_000, "c1ccccc", "$\\frac{$", "=1+1", ["dg"] * 3, "log10"]
RAW = ["NaN", "Infinity", "-Infinity", "1e999", "[" * 2000 + "]" * 2000, '"\\ud800"', "9" * 5000]
HEADER = ["version", "num_class", "num_tree_per_iteration", "label_index", "max_feature_idx"]
HEADER += ["objective", "feature_names", "feature_infos", "tree_sizes"]
LINES = [
    "average_output",
    "num_tree_per_iteration=7",
    "is_linear=1",
    "linear_tree=1",
    "Tree=0",
    "=",
]
LINES += [
    "objective=poisson",
    "objective=regression sqrt",
    "num_class=2",
    "num_cat=1",
    "end of trees",
]
LINES += ["cat_threshold=1", "leaf_const=1", "monotone_constraints=1", "", "\x00", "parameters:"]


@dataclass(frozen=True)
class Mutant:
    """A bundle that is not what it was; `forged` if its digests are right nevertheless."""

    files: Files
    forged: bool
    kind: str


def mutants(bundle: Files, count: int) -> Iterator[Mutant]:
    """Yield mutated copies of a bundle, always the same."""
    for number in range(count):
        mutant = _mutant(bundle, random.Random(number))
        yield replace(mutant, kind=f"{mutant.kind}, number {number}")


def _mutant(bundle: Files, rng: random.Random) -> Mutant:
    """Return one mutated copy."""
    if rng.random() < 0.25:
        name = rng.choice(sorted(bundle))
        change = rng.choice([_flip, _cut, _drop, _insert, _swap, _zero, _replace_number])
        files = {**bundle, name: change(bundle[name], rng)}
        return Mutant(files, False, f"{change.__name__} of {name}")
    forge = rng.choice(
        [_forge_tree] * 8
        + [_forge_numbers] * 4
        + [_forge_header, _forge_document, _forge_array, _forge_raw]
    )
    return Mutant(forge(bundle, rng), True, forge.__name__)


def with_tree_sizes(text: str) -> str:
    """State the sizes of a text's trees as they are."""
    head, _, rest = text.partition("\n\nTree=")
    trees, end, tail = rest.partition("end of trees")
    parts = [f"Tree={tree}" for tree in trees.split("Tree=")]
    sizes = " ".join(str(len(part.encode())) for part in parts)
    head = re.sub(r"tree_sizes=.*", f"tree_sizes={sizes}", head)
    return f"{head}\n\n{''.join(parts)}{end}{tail}"


def _place(content: bytes, rng: random.Random) -> int:
    return rng.randrange(max(1, len(content)))


def _flip(content: bytes, rng: random.Random) -> bytes:
    place = _place(content, rng)
    return content[:place] + bytes([content[place] ^ 1 << rng.randrange(8)]) + content[place + 1 :]


def _cut(content: bytes, rng: random.Random) -> bytes:
    return content[: _place(content, rng)]


def _drop(content: bytes, rng: random.Random) -> bytes:
    place = _place(content, rng)
    return content[:place] + content[place + rng.choice([1, 2, 10, 1000]) :]


def _insert(content: bytes, rng: random.Random) -> bytes:
    place = _place(content, rng)
    return (
        content[:place]
        + rng.choice([b"\n", b" ", b"\x00", b"0", rng.randbytes(8)])
        + content[place:]
    )


def _swap(content: bytes, rng: random.Random) -> bytes:
    a, b, c = sorted(_place(content, rng) for _ in range(3))
    return content[:a] + content[b:c] + content[a:b] + content[c:]


def _zero(content: bytes, rng: random.Random) -> bytes:
    place, size = _place(content, rng), rng.choice([1, 512, 4096])
    return content[:place] + bytes(len(content[place : place + size])) + content[place + size :]


def _replace_number(content: bytes, rng: random.Random) -> bytes:
    found = list(re.finditer(rb"[0-9]+", content))
    if not found:
        return content
    number = rng.choice(found)
    return content[: number.start()] + rng.choice(NUMBERS).encode() + content[number.end() :]


def _forge_tree(files: Files, rng: random.Random) -> Files:
    """Change one line of one tree, and mostly the sizes of the trees with it."""
    lines = files[MODEL_FILE].decode().split("\n")
    start = lines.index("Tree=0")
    place = rng.randrange(start, lines.index("end of trees"))
    key, equals, value = lines[place].partition("=")
    items = value.split(" ")
    change = rng.choice(
        ["item"] * 6 + ["drop", "add", "swap", "line", "remove", "repeat", "borrow"]
    )
    if change == "item":
        items[rng.randrange(len(items))] = rng.choice([*NUMBERS, *items, str(rng.randint(-9, 9))])
    elif change == "drop":
        items.pop(rng.randrange(len(items)))
    elif change == "add":
        items.insert(rng.randrange(len(items) + 1), rng.choice([*NUMBERS, *items]))
    elif change == "swap":
        rng.shuffle(items)
    lines[place] = key + equals + " ".join(items)
    if change == "line":
        lines.insert(place, rng.choice(LINES))
    elif change == "remove":
        lines.pop(place)
    elif change == "repeat":
        lines.insert(place, lines[place])
    elif change == "borrow":
        same = [line for line in lines[start:] if line.startswith(f"{key}=")]
        lines[place] = rng.choice(same or [""])
    text = "\n".join(lines)
    text = with_tree_sizes(text) if rng.random() < 0.9 else text
    return with_text(files, text.encode())


def _forge_header(files: Files, rng: random.Random) -> Files:
    text = files[MODEL_FILE].decode()
    key = rng.choice(HEADER)
    value = rng.choice([*NUMBERS, "poisson", "v3", "a b", "none", "regression_l1", "[0:1]"])
    changes: list[Callable[[], str]] = [
        lambda: re.sub(rf"\n{key}=.*", lambda _: f"\n{key}={value}", text, count=1),
        lambda: re.sub(rf"\n{key}=.*", "", text, count=1),
        lambda: re.sub(rf"(\n{key}=.*)", r"\1\1", text, count=1),
        lambda: text.replace("\nobjective=", f"\n{rng.choice(LINES)}\nobjective=", 1),
        lambda: text.replace("\nend of trees", f"\n{rng.choice(LINES)}\nend of trees", 1),
        lambda: text.split("end of trees")[0] + rng.choice(["", "end of trees\n"]),
        lambda: re.sub(r"\[[a-z_]+: .*\]", f"[linear_tree: {value}]", text, count=1),
        lambda: text.replace("\n", "\r\n"),
    ]
    return with_text(files, rng.choice(changes)().encode())


def _forge_document(files: Files, rng: random.Random) -> Files:
    """Put a value where it does not belong, anywhere in the description."""
    document = json.loads(files[DOCUMENT_FILE])
    place: Any = document
    for _ in range(rng.randint(0, 5)):
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        inner = [key for key in keys if isinstance(place[key], (dict, list)) and place[key]]
        if not inner:
            break
        place = place[rng.choice(inner)]
    key = rng.choice(list(place) if isinstance(place, dict) else list(range(len(place))))
    if rng.random() < 0.15:
        del place[key]
    else:
        place[key] = rng.choice(VALUES)
    return reseal({**files, DOCUMENT_FILE: json.dumps(document).encode()})


def _forge_raw(files: Files, rng: random.Random) -> Files:
    """Write what json.dumps does not; its own digest cannot be right, which is not the point."""
    text = files[DOCUMENT_FILE].decode()
    key = rng.choice(
        ["label", "fold", "standard_deviation", "unit", "repeats", "schema_version", "digest"]
    )
    value = rng.choice(RAW)
    text = re.sub(rf'("{key}": )[^,\n]*', lambda found: found[1] + value, text)
    return {**files, DOCUMENT_FILE: text.encode()}


def _forge_array(files: Files, rng: random.Random) -> Files:
    name = rng.choice([TRAINING_FILE, NUMBERS_FILE])
    content = files[name]
    changes: list[Callable[[], bytes]] = [
        lambda: content.replace(b"<f8", rng.choice([b"|O8", b"<f4", b">f8", b"<i8", b"|S8"]), 1),
        lambda: content.replace(b"(12, ", rng.choice([b"(99, ", b"(-1, ", b"(12L,", b"((2, "]), 1),
        lambda: content.replace(b"False", rng.choice([b"True ", b"1/0  ", b"[[[[["]), 1),
        lambda: content[: -rng.choice([1, 8, 800])],
        lambda: content + rng.randbytes(8),
        lambda: b"\x93NUMPY" + bytes([rng.randrange(4), 0]) + content[8:],
        lambda: content[:8] + rng.randbytes(2) + content[10:],
        lambda: rng.choice([b"", b"PK\x03\x04", b"\x80\x04.", b"PAR1"]) + content[6:],
        lambda: content[:-8] + rng.choice([b"\xff" * 8, b"\x00" * 6 + b"\xf0\x7f"]),
        lambda: content[:128] + rng.randbytes(len(content) - 128),
    ]
    return reseal({**files, name: rng.choice(changes)()})


def _forge_numbers(files: Files, rng: random.Random) -> Files:
    """Change numbers that a member has learned, or what the description says of them."""
    header, values = files[NUMBERS_FILE][:128], np.frombuffer(files[NUMBERS_FILE][128:]).copy()
    if not len(values):
        return _forge_array(files, rng)
    odd = [math.nan, math.inf, -math.inf, -1.0, 0.0, 0.5, 3.0, 1e9, 1e300, -1e300, 5e-324]
    for _ in range(rng.choice([0, 1, 1, 2, 50])):
        values[rng.randrange(len(values))] = rng.choice([*odd, float(rng.choice(values))])

    def edit(document: dict[str, Any]) -> None:
        member = rng.choice([one for one in document["members"] if "text_bytes" not in one])
        place = rng.choice([member["arrays"], member["numbers"], member, member["label_scale"]])
        if place and rng.random() < 0.5:
            key = rng.choice(sorted(place))
            other = rng.choice(sorted(place))
            place[key] = rng.choice([*VALUES, *odd[3:], [1, 1], [10**9, 10**9], place[other]])

    return reseal({**files, NUMBERS_FILE: header + values.tobytes()}, edit)
