import numpy

from confaug.infrastructure.versions import (
    CHEMISTRY,
    DECISIVE,
    MODEL,
    REPORTED,
    installed_versions,
)


def test_versions_are_those_installed():
    assert installed_versions(DECISIVE)["numpy"] == numpy.__version__
    assert set(installed_versions(DECISIVE)) == set(DECISIVE)
    assert installed_versions(["numpy", "not-installed-anywhere"]) == {"numpy": numpy.__version__}


def test_what_decides_about_less_decides_about_more():
    assert set(CHEMISTRY) < set(MODEL) < set(DECISIVE) < set(REPORTED)
