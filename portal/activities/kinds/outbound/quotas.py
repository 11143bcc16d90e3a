"""The places that an outbound delegation takes in the yearly quotas."""

from datetime import date

from portal.activities.dossier import Dossier
from portal.compliance import quota
from portal.compliance.enacted import law_in_force, law_shown
from portal.compliance.regulations import Regulations, Version
from portal.extensions import settings

LEADER_TRIPS = "outbound.leader-trips"
SUPPLEMENTS = "outbound.supplement-quota"


def take(file: Dossier, *, over_reason: str | None = None) -> int:
    """Take a slot for every key leader who goes and, out of plan, one for the agency.

    Counts by the year of the real departure once it is known. Returns how many slots the file
    holds. Raises quota.QuotaFull when a limit is reached and neither a waiver nor `over_reason`
    says why it may be passed.
    """
    departs = file.report.departed_on if file.report else file.activity.starts_on
    if departs is None:
        return 0
    leaders = sorted(m.person_id for m in file.members if m.key_leader and m.went is not False)
    taken = _take(file, LEADER_TRIPS, leaders, departs, over_reason)
    if is_out_of_plan(file):
        taken += _take(file, SUPPLEMENTS, [file.activity.tenant_id], departs, over_reason)
    return taken


def release(activity_id: int) -> int:
    """Give all slots of the file back; returns how many."""
    return quota.release(activity_id)


def is_out_of_plan(file: Dossier) -> bool:
    """Without a plan item, or with one that was added to the plan in mid-year."""
    return file.plan_item is None or file.plan_item.origin == "supplement"


def limit_on(rule: str, day: date, law: Regulations | None = None) -> int | None:
    """The yearly limit of `rule` on `day`, None where no version is in force."""
    version = (law or law_shown()).version_in_force(rule, settings().province, day)
    return int(version.params["limit"]) if isinstance(version, Version) else None


def _take(
    file: Dossier, rule: str, subjects: list[int], departs: date, over_reason: str | None
) -> int:
    limit = limit_on(rule, departs, law_in_force())
    if limit is None or not subjects:
        return 0
    waiver = file.waiver_of(rule)
    quota.take(
        rule,
        subjects,
        departs.year,
        limit,
        file.activity.id,
        waiver_id=waiver.id if waiver else None,
        over_reason=over_reason,
    )
    return len(subjects)
