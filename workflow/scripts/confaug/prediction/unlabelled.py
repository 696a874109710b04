"""The molecules of a study that have no label, as candidates for measuring."""

from collections.abc import Sequence

import pyarrow as pa

from confaug.learning.predictions import UNLABELLED, float_column, rows_of_part
from confaug.prediction.predictor import Predictor
from confaug.tables.prediction import NEW_PREDICTIONS
from confaug.trust.domain import assess_domain


def unlabelled_candidates(
    predictor: Predictor,
    molecules: pa.Table,
    ledger: pa.Table,
    predictions: pa.Table,
    descriptors_2d: Sequence[pa.Table],
) -> pa.Table:
    """Put together what is known of the unlabelled molecules of a study.

    Parameters
    ----------
    predictor
        The study's final model.
    molecules, ledger
        MOLECULES and LEDGER of the study.
    predictions
        PREDICTIONS of the final model; its part `unlabelled` is used.
    descriptors_2d
        The DESCRIPTORS_2D tables of all shards that the applicability domain is measured in.

    Returns
    -------
    pyarrow.Table
        NEW_PREDICTIONS in the order of the identifiers. The columns about nearest molecules, flags
        in words and remarks are empty.
    """
    rows = rows_of_part(predictions, UNLABELLED, labelled=False).sort_by("molecule")
    names = rows["molecule"].to_pylist()
    facts = {row["molecule"]: row for row in molecules.to_pylist()}
    first: dict[str, int] = {}
    for row in ledger.select(["molecule", "row"]).to_pylist():
        first[row["molecule"]] = min(row["row"], first.get(row["molecule"], row["row"]))
    values, deviations = (float_column(rows, name) for name in ("prediction", "standard_deviation"))
    ends = (
        pa.array(end, from_pandas=True) for end in predictor.calibration.ends(values, deviations)
    )
    low, high = (end.to_pylist() for end in ends)
    domain = assess_domain(
        predictor.domain,
        {name: facts[name]["modelled_smiles"] for name in names},
        pa.concat_tables(descriptors_2d),
        dict(zip(names, values.tolist(), strict=True)),
    )
    unit = predictor.bundle.description.property.unit or None
    lines = [
        {
            **row,
            **{key: facts[name][key] for key in ("id", "name", "smiles")},
            "row": first[name],
            "status": "predicted",
            "standard_deviation": deviations[place],
            "low": low[place],
            "high": high[place],
            "unit": unit,
        }
        for place, (name, row) in enumerate(zip(names, domain.to_pylist(), strict=True))
    ]
    return pa.Table.from_pylist(lines, schema=NEW_PREDICTIONS.schema())
