import logging

from confaug.molecules.cleaning_messages import log_reading
from confaug.molecules.reading.records import Record, Records


def test_warnings_and_remarks_about_reading_are_logged(caplog):
    table = Records((Record(2, "C"),), ("line 3 is odd",), ("columns not used: 'x'",))
    with caplog.at_level(logging.INFO, "confaug"):
        log_reading(table)
    found = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert found == [("WARNING", "WARNING: line 3 is odd"), ("INFO", "columns not used: 'x'")]
