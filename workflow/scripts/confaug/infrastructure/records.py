"""Records of what made each result, kept in the folder of results so that they move with it.

Snakemake (9.27) notes the settings, inputs and software of every output in the folder `.snakemake`,
and treats an output without a note as current: copied or renamed results would be taken as results
of any settings. Here every note is also kept in `records/` of the results. That record takes
precedence over Snakemake's, and an output without either is made again.
"""

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

from snakemake.logging import logger
from snakemake.persistence import RECORD_FORMAT_VERSION, MetadataRecord, PersistenceBase

from confaug.infrastructure.edits import digest_of

FOLDER = "records"
#: What is kept of Snakemake's note: all that decides about a rerun, and no times.
KEPT = (
    "rule",
    "log",
    "input",
    "input_checksums",
    "params",
    "software_stack_hash",
    "container_img_url",
    "record_format_version",
)
UNKNOWN = MetadataRecord(
    params=["the settings and the code of this file are unknown"],
    record_format_version=RECORD_FORMAT_VERSION,
)


def keep_records(results: str, workflow: str) -> None:
    """Let Snakemake keep its notes about what lies in a folder of results in that folder.

    Call it while the rules are read, before Snakemake makes its store of notes. Call it again for
    the results of another study; folders inside one that is known already belong to that one.

    Parameters
    ----------
    results
        The folder of all results, as it begins the paths of the outputs.
    workflow
        The folder of the workflow, where bundled inputs lie.
    """
    import snakemake.workflow  # which is running

    for name in ("FilePersistence", "DbPersistence"):
        store = getattr(snakemake.workflow, name)
        if not issubclass(store, ResultRecords):
            store = type(name, (ResultRecords, store), {"studies": []})
            setattr(snakemake.workflow, name, store)
        if store.places_of(results) is None:
            store.studies.append({"<results>": results, "<workflow>": workflow})


class ResultRecords(PersistenceBase):
    """A layer over one of Snakemake's stores of notes, see `keep_records`."""

    #: Of every study, the folders that may move, by the name that stands for them in records.
    studies: ClassVar[list[dict[str, str]]]
    _warned = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._being_made: set[str] = set()

    @classmethod
    def places_of(cls, key: str) -> dict[str, str] | None:
        """Return the folders of the study whose results hold a path; None if there is none."""
        for places in cls.studies:
            if not os.path.relpath(key, places["<results>"]).startswith(os.pardir):
                return places
        return None

    def has_metadata(self, job: Any) -> bool:
        """Tell whether anything is known of a job, one of whose outputs may have been removed."""
        return any(self.metadata(path) is not None for path in job.output)

    def _read_record(self, key: str) -> MetadataRecord | None:
        found: MetadataRecord | None = self._read_both(key)
        return found

    def _clear_cache(self) -> None:
        super()._clear_cache()
        self._read_both.cache_clear()

    @lru_cache(maxsize=128)  # noqa: B019  as Snakemake does: each is asked for some times in a row
    def _read_both(self, key: str) -> MetadataRecord | None:
        noted: MetadataRecord | None = super()._read_record(key)
        places = self.places_of(key)
        if places is None:
            return noted
        own = self._read_own(self._path_of(key, places), places)
        if own is not None:
            number = hash(tuple(own["log"]))  # tells jobs apart in Snakemake's report
            noted = (noted or MetadataRecord(job_hash=number)).model_copy(update=own)
        if noted is not None and noted.record_format_version == RECORD_FORMAT_VERSION:
            return noted
        return self._unknown(key)

    def _write_record(self, key: str, record: MetadataRecord) -> None:
        super()._write_record(key, record)
        places = self.places_of(key)
        if places is not None:
            path = self._path_of(key, places)
            kept = {name: renamed(getattr(record, name), places) for name in KEPT}
            kept["digest"] = digest_of(key)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
            except OSError as error:  # cut short it tells nothing, and the output is made again
                logger.warning(f"{path} cannot be written: {error.strerror}")

    def _delete_record(self, key: str) -> bool:
        deleted: bool = super()._delete_record(key)
        places = self.places_of(key)
        if places is None or not (path := self._path_of(key, places)).exists():
            return deleted
        path.unlink()
        return True

    def _mark_incomplete(self, key: str, external_jobid: str | None) -> None:
        super()._mark_incomplete(key, external_jobid)
        self._being_made.add(key)
        places = self.places_of(key)
        if places is not None:  # what will be there has other settings than what was
            self._path_of(key, places).unlink(missing_ok=True)

    def _unknown(self, key: str) -> MetadataRecord | None:
        """Return a record that equals no other, if there is such an output from an earlier run."""
        if not (self.dag.workflow.is_main_process and os.path.lexists(key)):
            return None
        if key in self._being_made:  # Snakemake looks for a record before it writes one
            return None
        if not self._warned:
            self._warned = True
            logger.warning(
                "Some results have no record of the settings and code that made them; the first "
                f"is {key}. They are made again; to accept them as they are, run the same command "
                "with --touch once."
            )
        return UNKNOWN.model_copy(deep=True)  # Snakemake turns it into the new record

    def _path_of(self, key: str, places: dict[str, str]) -> Path:
        """Return where the record of an output lies, in the results of its study."""
        results = places["<results>"]
        return Path(results, FOLDER, f"{os.path.relpath(key, results)}.json")

    def _read_own(self, path: Path, places: dict[str, str]) -> dict[str, Any] | None:
        """Return what is kept in the results, with the places of today; None if nothing is."""
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            found = {name: renamed(kept[name], places, back=True) for name in KEPT}
            return {**found, "input": sorted(found["input"])}  # in Snakemake's order
        except (OSError, ValueError, KeyError, TypeError):
            return None  # missing, or cut short: nothing is known


def renamed(value: Any, places: dict[str, str], back: bool = False) -> Any:
    """Replace the folders that may move by their names, or the names by the folders."""
    if isinstance(value, dict):
        return {
            renamed(k, places, back): renamed(entry, places, back) for k, entry in value.items()
        }
    if isinstance(value, list):
        return [renamed(entry, places, back) for entry in value]
    if not isinstance(value, str):
        return value
    for name, folder in places.items():
        old, new = (name, folder) if back else (folder, name)
        if value.startswith(f"{old}/"):
            return new + value.removeprefix(old)
        # Parameters are Python's notation of values, paths in quotes among them.
        value = value.replace(f"'{old}'", f"'{new}'").replace(f"'{old}/", f"'{new}/")
    return value
