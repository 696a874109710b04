"""A made-up study with every file that figures and report read, for tests.

Structures are real; labels, predictions and everything else follow from a seed. What the
comparison says about them is worked out by the library itself.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from confaug.config.roles import CONTROLS, RECOMMENDED, assign_roles, needs_conformers
from confaug.config.settings.variants import Variant
from confaug.evaluation.champions import compare_groups
from confaug.evaluation.comparison import (
    molecule_errors,
    paired_differences,
    replicate_errors,
    variant_summary,
)
from confaug.evaluation.errors import collect_errors
from confaug.evaluation.extrapolation_facts import Subject
from confaug.evaluation.extrapolation_study import measure_extrapolation
from confaug.evaluation.leakage_findings import BLOCKS, BUNDLED, Check, LeakageFindings
from confaug.evaluation.learning_law import bootstrap_laws, laws_table
from confaug.evaluation.outlook import foresee
from confaug.evaluation.recommendation import recommend
from confaug.evaluation.recommended_model import (
    make_candidates,
    out_of_fold_errors,
    recommend_model,
)
from confaug.evaluation.study_size import study_size
from confaug.evaluation.training_sizes import SizeErrors
from confaug.evaluation.usability import assess_usability
from confaug.evaluation.verdict import Verdict, give_verdict
from confaug.evaluation.y_randomisation import summarise_y_randomisation
from confaug.molecules.split_draws import describe_draws
from confaug.molecules.structures import molecule_id
from confaug.tables.engine import read_table, write_table
from confaug.tables.evaluation import (
    EXTRAPOLATION_ERRORS,
    LEARNING_CURVES,
    LEARNING_LAWS,
    MOLECULE_ERRORS,
    PAIRED_DIFFERENCES,
    REPLICATE_ERRORS,
    ROW_SPLIT_ERRORS,
    TRAINING_SIZES,
    VARIANT_SUMMARY,
    Y_RANDOMISATION_ERRORS,
)
from confaug.tables.failures import FAILURES
from confaug.tables.learning import METRICS, PREDICTIONS, TRIALS
from confaug.tables.molecules import LEDGER, MOLECULES, SPLIT
from confaug.tables.trust import (
    COVERAGE,
    DESCRIPTOR_HEALTH,
    DOMAIN,
    GROUP_IMPORTANCE,
    IMPORTANCE,
    INTERVALS,
    LABEL_OUTLIERS,
    NEIGHBOURS,
)
from confaug.trust.conformal import calibrate_on, intervals
from confaug.trust.coverage import coverage_study

PROPERTY = {
    "name": "Glass transition temperature",
    "symbol": "Tg",
    "unit": "K",
    "transform": "none",
}
VARIANTS = {
    "constant": ("mordred_2d", "constant", 60.0),
    "lightgbm_default_2d": ("mordred_2d", "lightgbm_default", 42.0),
    "lightgbm_2d": ("mordred_2d", "lightgbm", 38.0),
    "extra_trees_2d": ("mordred_2d", "extra_trees", 35.0),
    "lightgbm_duplicated": (["mordred_2d", "duplicated_3d"], "lightgbm", 37.0),
    "lightgbm_augmented_2d_3d": (["mordred_2d", "augmented_3d"], "lightgbm", 36.0),
}
CONFIGURED = {
    name: Variant(representation=representation, learner=learner)
    for name, (representation, learner, _) in VARIANTS.items()
}
MAIN = "lightgbm_augmented_2d_3d"
#: Names that must never become markup, a formula or a wide page.
HOSTILE = (
    "<script>alert('name')</script>",
    '=cmd|"/c calc"!A1',
    "Poly[" + "very" * 30 + "long]",
)
FAMILIES_3D = ("CPSA", "MoRSE", "GeometricalIndex", "GravitationalIndex", "MomentOfInertia")
FAMILIES_2D = ("ABCIndex", "Autocorrelation", "RingCount")


def write_study(folder, molecules=40, replicates=3, optional=True, gain=0.0, unit="K", **labels):
    """Write a study and return its files by the names that figures and report know.

    Parameters
    ----------
    gain
        By how many units the augmented variant's errors are lower than otherwise.
    optional
        Write what a configuration may leave out, too.
    labels
        `errors`: sizes of errors by variant, instead of the usual ones; `one_value`: variants that
        give one value for all; `middle` and `scale` of the labels, which are 260 and 1 times 70;
        `fixed`: molecules whose part a split column gives, all replicates being one split.
    """
    folder = Path(folder)
    study = _Study(folder, molecules, replicates, gain, unit, **labels)
    study.write_molecules()
    study.write_comparison()
    study.write_model()
    if optional:
        study.write_trust()
        study.write_chance()
        study.write_extrapolation()
        study.write_usability()
        study.write_importance()
    return study.files


class _Study:
    def __init__(
        self, folder, molecules, replicates, gain, unit,
        errors=None, one_value=(), middle=260.0, scale=1.0, fixed=0,
    ):  # fmt: skip
        self.folder, self.gain, self.unit = folder, gain, unit
        self.errors, self.one_value, self.scale = errors or {}, one_value, scale
        self.replicates = range(1, replicates + 1)
        self.random = np.random.default_rng(7)
        self.files = {}
        self.smiles = _structures(molecules)
        self.names = [molecule_id(smiles) for smiles in self.smiles]
        self.labels = {n: middle + 70 * scale * self.random.standard_normal() for n in self.names}
        self.fixed = fixed
        self.splits = {r: self.split(1 if fixed else r) for r in self.replicates}
        self.predictions = {v: {r: self.predict(v, r) for r in self.replicates} for v in VARIANTS}
        self.recommendation = self.recommend()

    def table(self, name, spec, rows, further=None):
        schema = spec.schema(further or ())
        path = self.folder / f"{name}.csv"
        write_table(pa.Table.from_pylist(rows, schema=schema), path, spec)
        self.files[name] = str(path)

    def document(self, name, content):
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        self.files[name] = str(path)

    def split(self, replicate):
        order = np.random.default_rng(replicate).permutation(len(self.names))
        training = {self.names[i]: k % 3 for k, i in enumerate(order[: len(order) // 2])}
        rows = [
            {
                "molecule": name,
                "group": name,
                "part": "train" if name in training else "test",
                "fold": training.get(name),
            }
            for name in sorted(self.names)
        ]
        return pa.Table.from_pylist(rows, schema=SPLIT.schema())

    def predict(self, variant, replicate):
        size = self.errors.get(variant, VARIANTS[variant][2])
        size = self.scale * (size - (self.gain if variant == MAIN else 0))
        shared = np.random.default_rng(11).standard_normal(len(self.names))
        own = np.random.default_rng([replicate, len(variant)]).standard_normal(len(self.names))
        rows = []
        for i, row in enumerate(self.splits[replicate].to_pylist()):
            error = size * 1.25 * (0.9 * shared[i] + 0.44 * own[i])
            parts = ("train", "cross_validation") if row["part"] == "train" else ("test",)
            rows += [
                {
                    "molecule": row["molecule"],
                    "part": part,
                    "label": self.labels[row["molecule"]],
                    "prediction": 250.0 * self.scale
                    if variant in self.one_value
                    else self.labels[row["molecule"]] + error * (0.3 if part == "train" else 1),
                    "standard_deviation": abs(own[i]) * 3 if "augmented" in variant else 0.0,
                    "n_rows": 12 if "augmented" in variant else 1,
                }
                for part in parts
            ]
        rows.sort(key=lambda row: (row["molecule"], row["part"]))
        return pa.Table.from_pylist(rows, schema=PREDICTIONS.schema())

    def recommend(self):
        """Apply the rule in every replicate and to all of them."""
        candidates = [v for v, one in CONFIGURED.items() if one.conformer_kind not in CONTROLS]
        needs = {name: needs_conformers(CONFIGURED[name]) for name in candidates}
        own = [
            {name: {r: self.predictions[name][r]} for name in candidates} for r in self.replicates
        ]
        groups = {name: name for name in self.names}
        chosen = [
            recommend(make_candidates(out_of_fold_errors(p), needs, {}, groups)).name for p in own
        ]
        pooled = {name: self.predictions[name] for name in candidates}
        self.predictions[RECOMMENDED] = {
            r: self.predictions[name][r] for r, name in zip(self.replicates, chosen, strict=True)
        }
        return recommend_model(pooled, needs, {}, {}, 0, chosen, groups)[0]

    def write_molecules(self):
        names = [*HOSTILE, *(f"Polymer {i}" for i in range(len(self.names)))]
        parts = {row["molecule"]: row["part"] for row in self.splits[1].to_pylist()}
        rows = [
            {
                "molecule": molecule,
                "smiles": smiles,
                "group": molecule,
                "name": name,
                "label": self.labels[molecule],
                "fixed_part": parts[molecule] if i < self.fixed else None,
                "n_rows": 1,
                "n_heavy_atoms": 9,
                "n_components": 1,
                "modelled_smiles": smiles,
            }
            for i, (molecule, smiles, name) in enumerate(
                zip(self.names, self.smiles, names, strict=False)
            )
        ]
        self.table("molecules", MOLECULES, sorted(rows, key=lambda r: r["molecule"]))
        ledger = [
            {
                "row": i,
                "name": row["name"],
                "input_smiles": row["smiles"],
                "input_label": f"{row['label']:.0f}",
                "status": "accepted",
                "molecule": row["molecule"],
                "smiles": row["smiles"],
                "label": row["label"],
            }
            for i, row in enumerate(rows, 1)
        ]
        odd = (
            ("merged", "same structure as row 1", "CC"),
            ("conflict", "labels 216 and 308 of one structure differ by more than 5", "CCC"),
            ("rejected", "the SMILES has an inner blank; remove it", "O= C1CCCO1"),
            ("rejected", "the label is empty; give a number", "<b>CC</b>"),
        )
        for i, (status, reason, smiles) in enumerate(odd, len(ledger) + 1):
            ledger.append({"row": i, "input_smiles": smiles, "status": status, "reason": reason})
        self.table("ledger", LEDGER, ledger)
        self.table(
            "failures",
            FAILURES,
            [
                {
                    "stage": "embed_conformers",
                    "molecule": self.names[3],
                    "protocol": "dg_mmff",
                    "repeat": 1,
                    "reason": "MMFF has no parameters for an atom",
                }
            ],
        )
        self.table("split", SPLIT, self.splits[1].to_pylist())

    def write_comparison(self):
        study = collect_errors(self.predictions, self.splits)
        roles = assign_roles(CONFIGURED)
        summary = variant_summary(study)
        differences = paired_differences(study, roles.references)
        by_replicate = replicate_errors(study, roles.reference)
        by_molecule = molecule_errors(study, roles.reference)
        self.table("variants", VARIANT_SUMMARY, summary.to_pylist())
        self.table("differences", PAIRED_DIFFERENCES, differences.to_pylist())
        self.table("replicate_errors", REPLICATE_ERRORS, by_replicate.to_pylist())
        self.table("molecule_errors", MOLECULE_ERRORS, by_molecule.to_pylist())
        size = study_size(study, self.predictions)
        molecules = read_table(self.files["molecules"], MOLECULES)
        draws = describe_draws(self.splits, molecules)
        verdict = give_verdict(
            summary, differences, roles, self.unit, draws, size=size,
            groups=compare_groups(study, CONFIGURED, roles),
        )  # fmt: skip
        self.document("verdict", verdict.document())
        self.document("recommendation", self.recommendation.document())
        findings = LeakageFindings(
            group_by="connectivity",
            replicates=len(self.replicates),
            variants=len(VARIANTS),
            molecules=len(self.names),
            blocks=len(self.names),
            checks=(Check(BLOCKS, "error", 120), Check(BUNDLED, "error", 60)),
        )
        self.document("leakage", findings.document())

    def write_model(self):
        self.table("predictions", PREDICTIONS, self.predictions[RECOMMENDED][1].to_pylist())
        self.table("main_predictions", PREDICTIONS, self.predictions[MAIN][1].to_pylist())
        self.table(
            "metrics",
            METRICS,
            [{"part": "test", "level": "molecule", "n": 20, "mae": 30.0, "rmse": 40.0, "r2": 0.5}],
        )
        best, rows = np.inf, []
        for trial in range(1, 21):
            error = 36 + 12 * np.exp(-trial / 6) * abs(self.random.standard_normal())
            best = min(best, error)
            rows.append(
                {
                    "trial": trial,
                    "kind": "initial" if trial <= 8 else "suggested",
                    "error": error,
                    "best_error": best,
                    "rounds": 100,
                    "pruned": trial in (10, 15),
                    "num_leaves": str(trial + 4),
                }
            )
        self.table("history", TRIALS, rows, ["num_leaves"])
        self.document("tuned", {"parameters": {"num_leaves": 12}, "rounds": 100, "error": best})

    def write_usability(self):
        """Write errors by training size that follow a law, and what is made of them."""
        study = collect_errors(self.predictions, self.splits)
        held_out = np.abs(study.test[RECOMMENDED])
        sizes = (8, 11, 16, 23, 33, 46)
        errors = held_out[:, None, :] * (0.5 + 3.4 / np.sqrt(sizes))[None, :, None]
        measured = SizeErrors(
            sizes, tuple((r, 1) for r in self.replicates), study.molecules, errors
        )
        laws = bootstrap_laws(measured, {name: name for name in self.names})
        self.table("training_sizes", TRAINING_SIZES, measured.table().to_pylist())
        self.table("learning_laws", LEARNING_LAWS, laws_table(laws).to_pylist())
        chance = read_table(self.files["y_randomisation"], Y_RANDOMISATION_ERRORS)
        facts = assess_usability(
            study,
            Verdict.from_document(json.loads(Path(self.files["verdict"]).read_text("utf-8"))),
            np.array(list(self.labels.values())),
            logarithmic=False,
            y_randomisation=summarise_y_randomisation(chance),
        )
        outlook = foresee(laws, sizes, len(self.names), None)
        self.document("usability", replace(facts, outlook=outlook).document())

    def write_trust(self):
        predictions = self.predictions[RECOMMENDED]
        coverage = coverage_study({v: self.predictions[v] for v in (MAIN, RECOMMENDED)}, 0.8)
        self.table("coverage", COVERAGE, coverage.to_pylist())
        shown = intervals(predictions[1], calibrate_on(predictions[1], 0.8))
        self.table("intervals", INTERVALS, shown.to_pylist())
        self.document(
            "conformer_deviation",
            {"rho": 0.1, "low": -0.1, "high": 0.3, "molecules": 20, "informative": False},
        )
        train = [r["molecule"] for r in self.splits[1].to_pylist() if r["part"] == "train"]
        domain, neighbours = [], []
        tested = [r for r in predictions[1].to_pylist() if r["part"] == "test"]
        for i, row in enumerate(tested):
            distance, edge = float(self.random.gamma(4, 2)), i % 9 == 4
            far = distance > 14
            words = [*(["far from training"] if far else []), *(["edge"] if edge else [])]
            domain.append(
                {
                    "molecule": row["molecule"],
                    "prediction": row["prediction"],
                    "distance": distance,
                    "distance_limit": 14.0,
                    "similarity": 0.5,
                    "similarity_limit": 0.2,
                    "far_in_descriptors": far,
                    "unlike_training": False,
                    "edge_of_labels": edge,
                    "flags": "; ".join(words) or None,
                }
            )
            for rank in (1, 2, 3):
                neighbour = train[(i + rank) % len(train)]
                neighbours.append(
                    {
                        "molecule": row["molecule"],
                        "rank": rank,
                        "neighbour": neighbour,
                        "similarity": 0.9 - 0.2 * rank,
                        "neighbour_label": self.labels[neighbour],
                    }
                )
        self.table("domain", DOMAIN, domain)
        self.table("neighbours", NEIGHBOURS, neighbours)
        outlier = {
            "molecule": self.names[0],
            "kind": "unlike_neighbours",
            "label": 216.0,
            "expected": 308.0,
            "score": 4.2,
            "reason": "the label is far from what similar molecules suggest",
        }
        self.table("label_outliers", LABEL_OUTLIERS, [outlier])

    def write_extrapolation(self):
        """Models that fall short by a share of the distance from the middle."""
        molecules = read_table(self.files["molecules"], MOLECULES)
        labels = np.array([self.labels[name] for name in sorted(self.names)])
        shares = {"extra_trees_2d": 0.5, "ridge_2d": 0.1, "constant": 1.0}

        def predictor(name, some):
            return lambda held: labels[held] + shares[name] * (labels.mean() - labels[held])

        found = measure_extrapolation(
            molecules,
            {name: i % 4 for i, name in enumerate(sorted(self.names))},
            {"extra_trees_2d": "extra_trees", "ridge_2d": "ridge", "constant": "constant"},
            Subject("extra_trees_2d", ("extra_trees_2d",), True),
            predictor,
            share=0.2,
            clusters=3,
        )
        self.table("extrapolation_errors", EXTRAPOLATION_ERRORS, found.errors.to_pylist())
        self.document("extrapolation", found.facts.document())

    def write_chance(self):
        errors = [29.5, *(62 + 4 * self.random.standard_normal(19))]
        rows = [{"randomisation": i, "mae": float(mae)} for i, mae in enumerate(errors)]
        self.table("y_randomisation", Y_RANDOMISATION_ERRORS, rows)
        rows = [
            {
                "rows": kind,
                "split_by": by,
                "draw": draw,
                "train_rows": 300,
                "test_rows": 51,
                "train_molecules": 190,
                "test_molecules": 33,
                "share_seen": 0.62 if by == "row" else 0.0,
                "mae": float(mae + 2 * self.random.standard_normal()),
                "relative_error": mae / 300,
            }
            for kind in ("input rows, 300 of 351 train", "conformer rows, 70 % train")
            for by, mae in (("row", 9.0), ("molecule", 25.0))
            for draw in (1, 2, 3)
        ]
        self.table("row_splits", ROW_SPLIT_ERRORS, rows)
        axes = {
            "conformers": ("1", "3", "10", "30", "120"),
            "protocols": ("dg", "dg_mmff", "etkdg", "etkdg_mmff", "all"),
            "molecules": ("10", "20", "40", "70"),
        }
        rows = [
            {
                "axis": axis,
                "level": level,
                "order": order,
                "replicate": replicate,
                "rows": 840,
                "train_molecules": 70,
                "mae": float(30 + 12 / (order + 1) + self.random.standard_normal()),
            }
            for axis, levels in axes.items()
            for order, level in enumerate(levels)
            for replicate in self.replicates
        ]
        self.table("learning_curves", LEARNING_CURVES, rows)

    def write_importance(self):
        named = [(f"{f}{i}", "3D", f) for f in FAMILIES_3D for i in range(12)]
        named += [(f"{f}{i}", "2D", f) for f in FAMILIES_2D for i in range(12)]
        sizes = self.random.gamma(0.6, 1.0, len(named))
        rows = [
            {
                "descriptor": d,
                "dimension": k,
                "family": f,
                "importance": s,
                "share": s / sizes.sum(),
            }
            for (d, k, f), s in zip(named, sizes, strict=True)
        ]
        self.table("importance", IMPORTANCE, rows)
        groups = []
        for grouping in ("family", "dimension"):
            for name in sorted({row[grouping] for row in rows}):
                share = sum(row["share"] for row in rows if row[grouping] == name)
                groups.append(
                    {
                        "grouping": grouping,
                        "name": name,
                        "descriptors": 12,
                        "summed": share * sizes.sum(),
                        "share": share,
                        "joint": share,
                    }
                )
        self.table("groups", GROUP_IMPORTANCE, groups)
        health = [
            {
                "descriptor": d,
                "dimension": k,
                "family": f,
                "molecules": 40,
                "missing": 0.25 if i % 20 == 3 else 0.0,
                "constant": i % 30 == 7,
                "between": 1.0 if k == "3D" else None,
                "within": 0.3 if k == "3D" else None,
                "within_share": float(self.random.beta(2, 4)) if k == "3D" else None,
            }
            for i, (d, k, f) in enumerate(named)
        ]
        self.table("health", DESCRIPTOR_HEALTH, health)


def _structures(count):
    """Return real canonical SMILES of the bundled table."""
    from rdkit import Chem, rdBase

    path = Path(__file__).parents[2] / "resources" / "polymer_tg.csv"
    import csv

    found = {}
    with path.open(encoding="utf-8", newline="") as file, rdBase.BlockLogs():
        for row in csv.DictReader(file):
            mol = Chem.MolFromSmiles(row["smiles"])
            if mol is not None and mol.GetNumHeavyAtoms() > 4:
                found.setdefault(Chem.MolToSmiles(mol))
            if len(found) == count:
                break
    return list(found)
