"""Refuse places that would cost the user something. Read last, when the outputs of all rules are known."""

from confaug.molecules.checks import check_folder
from confaug.infrastructure.places import (
    names_written,
    require_outside,
    require_own_folder,
)

if workflow.is_main_process:
    OUTPUTS = (str(path) for rule in workflow.rules for path in rule.products())
    WRITTEN = names_written(RESULTS, OUTPUTS)
    try:
        require_own_folder(RESULTS, workflow.basedir)
        check_folder(RESULTS, WRITTEN)
        require_outside(input_table(), RESULTS, WRITTEN)
    except UserError as error:
        sys.exit(f"Error: {error}")
