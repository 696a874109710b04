"""Studies of polymers: monomers are converted once, for all that comes after."""

from csv_rows import read_rows
from rdkit import Chem

from study import rules_of

PAGE = "results/quick/molecules/polymers.html"


def test_the_page_is_planned_where_polymers_are_modelled_alone(fresh):
    assert "draw_polymers" not in fresh.planned()
    fresh.configure(cleaning__polymers="repeat_unit")
    assert fresh.planned()["draw_polymers"] == 1


def test_the_page_and_the_shards_need_no_more_than_the_table(fresh):
    with fresh.table.open("a", encoding="utf-8") as file:
        file.write("a unit,[1*]CC([2*])Cl,350\nnothing to polymerise,CCO,300\n")
    fresh.configure(cleaning__polymers="oligomer", cleaning__units=2)
    ran = fresh.run_and_list(PAGE, "results/quick/shards/manifest.json")
    assert set(rules_of(ran)) == {"clean_molecules", "draw_polymers", "shard_molecules"}
    molecules = {row["smiles"]: row for row in read_rows(fresh.results / "molecules/molecules.csv")}
    shards = [row for path in (fresh.results / "shards").glob("*.csv") for row in read_rows(path)]
    assert {row["smiles"] for row in shards} == {
        row["modelled_smiles"] for row in molecules.values()
    }
    assert molecules["CCO"]["modelled_smiles"] == "CCO"
    unit = molecules["*CC(*)Cl"]
    assert unit["modelled_smiles"] == Chem.CanonSmiles("CC(Cl)CCCl")
    (monomer,) = (row for row in molecules.values() if row["smiles"] == "C=CCl")
    assert monomer["group"] == unit["group"]
    page = (fresh.folder / PAGE).read_text(encoding="utf-8")
    assert f"{len(molecules) - 1} of {len(molecules)} molecules modelled as polymers" in page
    assert "nothing to polymerise" in page
