"""What can be asked for, and what is refused."""

import pytest

from confaug.descriptors.molecule_kinds import columns_of
from confaug.descriptors.names import NAMES_2D, NAMES_3D
from confaug.descriptors.request import KINDS, Request
from confaug.errors import UserError


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_its_columns(kind):
    assert Request((kind,)).columns == tuple(columns_of(kind).names)


def test_kinds_do_not_share_names():
    names = Request(KINDS, conformers=1).columns
    assert len(set(names)) == len(names)


def test_columns_come_kind_by_kind_in_the_order_of_the_names():
    names = ("PBF", "rdkit_qed", "MW", "nAtom")
    request = Request(("mordred_2d", "rdkit_2d"), 3, names=names)
    assert request.columns == ("MW", "nAtom", "rdkit_qed", "PBF")


def test_without_names_all_are_wanted():
    assert Request().columns == NAMES_2D
    assert Request((), 1).columns == NAMES_3D


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"kinds": ("mordred",)}, "'mordred' is no kind of columns; did you mean mordred_2d"),
        ({"kinds": ("rdkit_2d", "rdkit_2d")}, "'rdkit_2d' is given twice"),
        ({"kinds": ("backbone",)}, "'backbone' is no kind of columns; choose from mordred_2d"),
        ({"kinds": ()}, "nothing is asked for"),
        ({"conformers": -1}, "conformers is -1; give a number from 0"),
        ({"conformers": 20_000}, "conformers is 20000"),
        ({"repeats": 0}, "repeats is 0; give a number from 1"),
        ({"conformers": 1, "protocols": ()}, "conformers need a protocol"),
        ({"protocols": ("etkdg_amber",)}, "'etkdg_amber' is no protocol"),
        ({"names": ()}, "no descriptor is named"),
        ({"names": ("MW", "MW")}, "'MW' is given twice"),
        ({"names": ("nAtoms",)}, "did you mean nAtom?"),
        ({"names": ("PBF",)}, "'PBF' is no descriptor of what is asked for"),
    ],
)
def test_what_does_not_exist_is_refused(wrong, sentence):
    with pytest.raises(UserError, match=sentence.replace("?", r"\?")):
        Request(**wrong)
