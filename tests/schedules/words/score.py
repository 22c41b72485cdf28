"""How many phrases are understood: `python -m tests.schedules.words.score`."""

from collections import Counter

from tests.schedules.words.phrases import PHRASES, outcome


def main() -> None:
    """Print what went otherwise than it should, and the score."""
    outcomes = [outcome(phrase) for phrase in PHRASES]
    for each in outcomes:
        if each.verdict != "right":
            print(each.verdict, each.phrase, each.came)
    score = Counter(each.verdict for each in outcomes)
    asked = sum("refused" in phrase for phrase in PHRASES)
    print(f"{len(PHRASES)} phrases, {asked} of them to be refused")
    print(f"right {score['right']}, wrongly refused {score['refused']}, silently wrong {score['wrong']}")


if __name__ == "__main__":
    main()
