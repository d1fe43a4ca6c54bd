"""What a bundle lacks, said truthfully: the rule behind `missing` and `partial`.

Leaves to others: the checklist itself (services fill it) and how gaps are printed (`pages`).
"""

from collections.abc import Iterable

from claims.bundle.content import BundleContent, Level, Missing, RowState, Standing


def missing_of(content: BundleContent, not_shown: Iterable[Missing] = ()) -> tuple[Missing, ...]:
    """What was named by the caller, what the checklist needs and lacks, failed searches, unshowable files.

    An `absent` finding is an answer ("no signature on file") and makes nothing missing by itself.
    """
    found = list(content.missing)
    named = {row.kind for row in found}
    provided_groups = {
        row.group for row in content.checklist if row.level == Level.ONE_OF and row.state == RowState.PROVIDED
    }
    for row in content.checklist:
        needed = row.level == Level.REQUIRED or (
            row.level == Level.ONE_OF and row.group not in provided_groups
        )
        if needed and row.state == RowState.MISSING and row.kind not in named:
            found.append(Missing(kind=row.kind, reason=row.reason or "Not on file."))
            named.add(row.kind)
    for finding in content.findings:
        if finding.standing == Standing.FAILED and finding.kind not in named:
            found.append(Missing(kind=finding.kind, reason=finding.reason or "Could not be fetched."))
            named.add(finding.kind)
    found.extend(not_shown)
    return tuple(found)
