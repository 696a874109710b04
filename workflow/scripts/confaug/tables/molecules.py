"""Tables of molecules: the ledger of input rows, unique molecules, splits and shards."""

from confaug.tables.columns import CONDITIONS, LABEL, MOLECULE
from confaug.tables.engine import FLOAT, INT, TEXT, Column, TableSpec

LEDGER = TableSpec(
    "ledger",
    (
        Column(
            "row",
            INT,
            "row of the input table as a spreadsheet program numbers it; in a text file the line "
            "in which the record begins",
        ),
        Column("id", TEXT, "identifier given by the user", nullable=True),
        Column("name", TEXT, "name given by the user", nullable=True),
        Column("input_smiles", TEXT, "SMILES as given", nullable=True),
        Column("input_label", TEXT, "label as given", nullable=True),
        Column("status", TEXT, "accepted, merged, conflict or rejected"),
        Column("reason", TEXT, "why the row was not accepted, and what to do", nullable=True),
        Column("warning", TEXT, "what is unusual about an accepted row", nullable=True),
        Column("molecule", TEXT, "the molecule the row belongs to", nullable=True),
        Column("smiles", TEXT, "canonical SMILES of the row", nullable=True),
        Column("label", FLOAT, "label as a number", "as configured", nullable=True),
        Column(
            "occurrences",
            INT,
            "how often the row occurred in the source of the table, if a column says so",
            nullable=True,
        ),
        Column(
            "polymerisation_rule",
            TEXT,
            "rule that gave the repeat unit; empty where none fits or polymers are as given",
            nullable=True,
        ),
        Column("repeat_unit", TEXT, "canonical repeat unit of the polymer", nullable=True),
        Column(
            "polymer_note",
            TEXT,
            "other repeat units that the monomer could give, or why the structure is modelled as "
            "given",
            nullable=True,
        ),
        CONDITIONS,
    ),
    key=("row",),
    files=("molecules/ledger.csv",),
)
MOLECULES = TableSpec(
    "molecules",
    (
        MOLECULE,
        Column("smiles", TEXT, "canonical SMILES"),
        Column("inchikey", TEXT, "standard InChIKey; empty where InChI has none", nullable=True),
        Column("group", TEXT, "group; its molecules stay on one side of every split"),
        Column("id", TEXT, "identifier of the accepted row", nullable=True),
        Column("name", TEXT, "name of the accepted row", nullable=True),
        LABEL,
        Column("n_rows", INT, "input rows merged into the molecule"),
        Column("n_heavy_atoms", INT, "heavy atoms of the structure as given"),
        Column("n_components", INT, "disconnected components of the structure as given"),
        Column("fixed_part", TEXT, "train or test where the user fixed the split", nullable=True),
        Column("repeat_unit", TEXT, "canonical repeat unit of the polymer", nullable=True),
        Column("polymerisation_rule", TEXT, "rule that gave the repeat unit", nullable=True),
        Column("modelled_smiles", TEXT, "canonical SMILES of what is described and embedded"),
        CONDITIONS,
    ),
    key=("molecule",),
    files=("molecules/molecules.csv",),
)
SPLIT = TableSpec(
    "split",
    (
        MOLECULE,
        Column("group", TEXT, "group that stays together"),
        Column("part", TEXT, "train or test"),
        Column("fold", INT, "cross-validation fold of a training molecule, from 0", nullable=True),
    ),
    key=("molecule",),
    files=("splits/replicate-{replicate}.csv", "final_model/split.csv"),
)
SHARD = TableSpec(
    "shard",
    (
        MOLECULE,
        Column("smiles", TEXT, "canonical SMILES of what is described and embedded"),
        Column("smiles_as_given", TEXT, "canonical SMILES as given, open ends closed by hydrogen"),
        Column("repeat_unit", TEXT, "canonical repeat unit of the polymer", nullable=True),
    ),
    key=("molecule",),
    files=("shards/shard-{shard}.csv",),
)
