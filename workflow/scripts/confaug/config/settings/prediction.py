"""Settings of predictions for new molecules."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from confaug.config.settings.base import Count, Section


class PredictionSettings(Section):
    """New molecules for a fitted model. `snakemake predict` reads this section."""

    table: str | None = None
    """CSV, TSV or Excel file with the new molecules, relative to the working directory."""
    smiles_column: str | None = None
    """Name of the column with the SMILES. null takes the name in input."""
    id_column: str | None = None
    """Name of a column with your own identifiers, which are carried along. null takes the name in
    input if the table has such a column."""
    name_column: str | None = None
    """Name of a column with compound names, which are carried along. null takes the name in input
    if the table has such a column."""
    model: str = "recommended"
    """Which model the study fits on all of its labelled molecules, and predicts with: recommended
    for the one that the study recommends, consensus for the mean of the best, consensus_2d for
    that of the best without conformers, or the name of a variant."""
    bundle: str | None = None
    """Folder of the model bundle that predicts, wherever it was made. null takes the final model of
    this study, and makes it first if necessary."""
    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")] | None = None
    """Name of the folder below predictions for all outputs. null takes the name of the table."""
    molecules_per_shard: Count = 256
    """Molecules per job. It limits the memory of a job and the work that an interruption can
    cost."""
    measure_next: Literal["automatic", "coverage", "novelty", "deviation", "range"] = "automatic"
    """What the ranking of molecules to measure next is based on: for how many others they stand
    (coverage), how unlike the training molecules they are (novelty), how much their prediction
    varies (deviation), or how probable it is that their value is in requirements.range (range).
    automatic takes range where requirements.range is given, and coverage otherwise."""
    other_versions: Literal["refuse", "accept"] = "refuse"
    """What to do with a bundle that was made with other versions of confaug, RDKit or mordred,
    which may make other conformers or descriptors of the same molecule."""
