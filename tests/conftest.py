from hypothesis import settings

# The machines that run the tests differ in speed; behaviour is tested, not time.
settings.register_profile("confaug", deadline=None, derandomize=True)
settings.load_profile("confaug")
