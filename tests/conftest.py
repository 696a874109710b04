import os

from hypothesis import settings

#: All that the tests take from the environment: where programs and folders are, and what switches
#: tests on. Everything else that a machine may have set (arithmetic, threads, language, caches)
#: would make them pass or fail there alone.
KEPT = ("HOME", "LD_LIBRARY_PATH", "LOGNAME", "PATH", "TMPDIR", "USER")
KEPT_PREFIXES = ("CI", "CONFAUG_", "PYTEST_")

for name in set(os.environ) - set(KEPT):
    if not name.startswith(KEPT_PREFIXES):
        del os.environ[name]

# The machines that run the tests differ in speed; behaviour is tested, not time.
settings.register_profile("confaug", deadline=None, derandomize=True)
settings.load_profile("confaug")
