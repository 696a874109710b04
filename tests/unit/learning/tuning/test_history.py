import pytest

from confaug.learning.tuning.history import History, Trial


@pytest.mark.parametrize("content", [b"", b"\n", b"[1", b"nonsense\n", b'{"fingerprint": "f"}'])
def test_a_damaged_history_starts_anew(tmp_path, content):
    path = tmp_path / "trials.jsonl"
    path.write_bytes(content)
    assert History(path, "f").read() == []
    History(path, "f").append(Trial(0, {}, 1.5, 3))
    assert History(path, "f").read() == [Trial(0, {}, 1.5, 3)]


def test_what_stands_before_a_damaged_line_is_kept(tmp_path):
    path = tmp_path / "trials.jsonl"
    history = History(path, "f")
    history.read()
    history.append(Trial(0, {}, 1.5, 3))
    with path.open("ab") as file:
        file.write(b"\x00\x00\x00\n")
    assert History(path, "f").read() == [Trial(0, {}, 1.5, 3)]


def test_no_bit_error_in_a_trial_goes_unnoticed(tmp_path):
    path = tmp_path / "trials.jsonl"
    trials = [Trial(n, {"num_leaves": 5 + n, "rate": 0.25}, 15.25 - n, 30 + n) for n in range(3)]
    assert History(path, "f").read() == []
    for trial in trials:
        History(path, "f").append(trial)
    content = path.read_bytes()
    start = content.index(b"\n", content.index(b"\n") + 1) + 1  # the second trial
    for place in range(start, content.index(b"\n", start)):
        for bit in range(8):
            damaged = bytearray(content)
            damaged[place] ^= 1 << bit
            path.write_bytes(damaged)
            assert History(path, "f").read() == trials[:1]


def test_a_history_that_two_jobs_wrote_counts_every_trial_once(tmp_path):
    path = tmp_path / "trials.jsonl"
    trials = [Trial(number, {}, 1.5 - number, 3) for number in range(4)]
    assert History(path, "f").read() == []
    for number in (0, 1, 0, 2, 1, 3):
        History(path, "f").append(trials[number])
    assert History(path, "f").read() == trials
    assert len(path.read_text().splitlines()) == 5
