"""What the facts amount to, as a bundle prints it: protection by condition and the strength with its causes.

Leaves to others: judging (`claims.judgement`), the look (`template.typ`). Advice for the agent is not printed:
a bundle goes to Amazon and the buyer.
"""

from claims.bundle.content import Judged
from claims.bundle.pen import Pen, in_words

_VERDICTS = {
    "protected": "PROTECTED",
    "not_protected": "Not protected",
    "unknown": "Cannot be told from what is on file",
}


def verdict_lines(judged: Judged | None, pen: Pen) -> list[tuple[str, object]]:
    """For the first page: the verdict with what decides it, and the grade with its causes."""
    if judged is None:
        return []
    deciding = [row.text for row in judged.conditions if row.state != "pass"]
    because = deciding or [row.text for row in judged.conditions]
    rows: list[tuple[str, object]] = [
        ("Buy Shipping", pen.say(f"{_VERDICTS[judged.verdict]}. {' '.join(because)}")),
    ]
    if judged.grade:
        causes = " ".join(row.text for row in judged.causes)
        rows.append(("Strength", pen.say(f"{judged.grade} ({judged.grade_text}). {causes}")))
    return rows


def weighed_rows(judged: Judged | None, pen: Pen) -> list[list[object]]:
    """For the section behind: each condition, risk and cause with its state, source and fields."""
    if judged is None:
        return []
    rows = [("Protection", row) for row in judged.conditions]
    rows += [("Risk, no condition", row) for row in judged.risks]
    rows += [(f"Strength {judged.grade}", row) for row in judged.causes]
    return [
        [
            what,
            in_words(row.state) or "–",
            pen.say(row.text),
            pen.say("; ".join(row.fields)),
            pen.say(row.source),
        ]
        for what, row in rows
    ]
