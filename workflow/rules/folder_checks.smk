"""Refuse places that would cost the user something. Read last, when the outputs of all rules are known."""

from confaug.infrastructure.places import (
    check_folder,
    names_written,
    require_outside,
    require_own_folder,
)

if IS_GUARDED:
    OUTPUTS = (str(path) for rule in workflow.rules for path in rule.products())
    WRITTEN = names_written(RESULTS, OUTPUTS)
    with exit_with_sentence():
        require_own_folder(RESULTS, ROOT)
        check_folder(RESULTS, WRITTEN)
        require_outside(input_table(), RESULTS, WRITTEN)
