"""Misspelled names are answered with the most similar known name."""

from model.nearest import nearest


def test_a_misspelled_word_suggests_the_known_word_most_like_it():
    assert nearest("lockbux", ["okta", "lockbox", "source"]) == "lockbox"


def test_a_word_like_no_known_word_suggests_nothing():
    assert nearest("zzz", ["okta", "source"]) is None
    assert nearest("okta", []) is None
