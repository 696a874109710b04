"""Every declared table says where its files lie."""

from pathlib import Path

import pytest

from confaug.tables import catalog

SPECIFICATIONS = [table for stage in catalog.STAGES for table in catalog.tables_of_stage(stage)]


def test_every_module_of_declarations_is_a_stage():
    declaring = {
        path.stem
        for path in Path(catalog.__file__).parent.glob("*.py")
        if " = TableSpec(" in path.read_text(encoding="utf-8")
    }
    assert declaring == set(catalog.STAGES)


@pytest.mark.parametrize("table", SPECIFICATIONS, ids=lambda table: table.name)
def test_a_table_names_its_files(table):
    assert table.files
    for file in table.files:
        assert file.endswith((".csv", ".parquet"))
        assert catalog.tables_in(file.replace("{", "").replace("}", "")) == [table]


def test_names_are_distinct():
    names = [table.name for table in SPECIFICATIONS]
    assert sorted(set(names)) == sorted(names)


def test_an_unknown_file_is_no_table():
    assert catalog.tables_in("splits/replicate-1.csv.old") == []
    (errors,) = catalog.tables_in("plain/comparison/variants.csv")
    assert errors.files == ("comparison/variants.csv",)
    assert catalog.tables_in("elsewhere/splits/replicate-1.csv") == []
