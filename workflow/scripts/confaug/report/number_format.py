"""How counts and times are written."""


def count(number: int, singular: str, plural: str | None = None) -> str:
    """Count things with the right form of the word.

    >>> count(1, "row"), count(2, "row")
    ('1 row', '2 rows')
    """
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def duration(seconds: float) -> str:
    """Write a time for people.

    >>> [duration(s) for s in (0.4, 12, 200, 7300)]
    ['0.4 s', '12 s', '3 min 20 s', '2 h 2 min']
    """
    if seconds < 10:
        return f"{seconds:.1f} s"
    total = round(seconds)
    if total < 60:
        return f"{total} s"
    if total < 3600:
        return f"{total // 60} min {total % 60} s"
    return f"{total // 3600} h {total % 3600 // 60} min"
