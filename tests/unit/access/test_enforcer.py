"""The table of rights is what Casbin says, whoever asks and however many ask at once."""

import random
import threading
from itertools import combinations
from pathlib import Path

import casbin
import pytest

from portal.access import enforcer
from portal.access.enforcer import (
    SUBJECTS,
    build_table,
    permissions_of,
    permissions_of_programs,
    policy_version,
)
from portal.access.permissions import Permission
from portal.access.policy import POLICY_FOLDER, PolicyError, read_policy
from portal.access.roles import PROGRAM, STAND_IN, Role


@pytest.fixture(scope="module")
def plain() -> casbin.Enforcer:
    """Casbin's plain Enforcer over the shipped files, read by Casbin itself."""
    return casbin.Enforcer(str(POLICY_FOLDER / "model.conf"), str(POLICY_FOLDER / "policy.csv"))


def ask(plain: casbin.Enforcer, roles: tuple[str, ...]) -> frozenset[str]:
    """Everything a person with these roles may do, asked from Casbin one by one."""
    person = "person:" + "+".join(roles)
    for role in roles:
        plain.add_role_for_user(person, role)
    return frozenset(one for one in Permission if plain.enforce(person, one.value))


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_cell_of_the_table_is_casbins_answer(plain: casbin.Enforcer, subject: str) -> None:
    answers = {one for one in Permission if plain.enforce(subject, one.value)}
    assert enforcer.rights_table().allowed[subject] == answers


@pytest.fixture(scope="module")
def several_roles() -> list[tuple[str, ...]]:
    held = [subject for subject in SUBJECTS if subject != PROGRAM]
    pairs = list(combinations(held, 2))
    triples = random.Random(20241015).sample(list(combinations(held, 3)), 40)
    denying = [pair for pair in pairs if set(pair) & {Role.INSPECTOR, Role.ADMINISTRATOR, STAND_IN}]
    return denying + triples


def test_a_person_with_several_roles_gets_what_casbin_gives_them(
    plain: casbin.Enforcer, several_roles: list[tuple[str, ...]]
) -> None:
    for roles in several_roles:
        expected = ask(plain, roles)
        got = permissions_of(roles, standing_in=STAND_IN in roles)
        assert got == expected, roles


def test_another_system_asks_the_compliance_service_and_nothing_else() -> None:
    assert permissions_of_programs() == {Permission.COMPLIANCE_CHECK, Permission.TRAVEL_VIEW}
    assert permissions_of([PROGRAM]) == frozenset(), "no membership gives it to a person"


def test_a_deny_beats_the_allow_of_another_role() -> None:
    assert Permission.ACTIVITY_PROPOSE in permissions_of([Role.OFFICER])
    assert Permission.ACTIVITY_PROPOSE not in permissions_of([Role.OFFICER, Role.INSPECTOR])


def test_roles_may_be_given_as_the_texts_that_the_database_holds() -> None:
    assert permissions_of(["head"]) == permissions_of([Role.HEAD]) != frozenset()


def test_no_wrong_answer_in_400_000_decisions_of_eight_threads() -> None:
    table = enforcer.rights_table()
    truth = [(role, one, one in table.allowed[role]) for role in Role for one in Permission]
    wrong: list[tuple[Role, Permission]] = []
    start = threading.Barrier(8)

    def decide(seed: int) -> None:
        questions = random.Random(seed).sample(truth, len(truth))
        start.wait(timeout=10)
        for _ in range(50_000 // len(questions) + 1):
            for role, permission, expected in questions:
                if (permission in permissions_of((role,))) is not expected:
                    wrong.append((role, permission))

    threads = [threading.Thread(target=decide, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_many_threads_that_ask_first_build_the_table_once(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []

    def counting(policy: object) -> object:
        built.append("table")
        return build_table(read_policy())

    enforcer._table_of.cache_clear()
    monkeypatch.setattr(enforcer, "build_table", counting)
    threads = [threading.Thread(target=enforcer.rights_table) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert built == ["table"]


def test_nobody_can_change_the_table() -> None:
    with pytest.raises(TypeError):
        enforcer.rights_table().allowed[Role.VIEWER] = frozenset(Permission)  # type: ignore[index]


def copy_policy(folder: Path, old: str = "", new: str = "") -> Path:
    for name in ("model.conf", "policy.csv"):
        text = (POLICY_FOLDER / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    return folder


def test_the_version_follows_the_content_of_the_files(tmp_path: Path) -> None:
    assert read_policy(copy_policy(tmp_path)).version == policy_version()
    changed = copy_policy(
        tmp_path, "p, clerk, person:manage, allow", "p, clerk, person:view, allow"
    )
    assert read_policy(changed).version != policy_version()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("p, clerk, person:manage", "p, clark, person:manage", "'clark' is not a known role"),
        ("p, clerk, person:manage", "p, clerk, person:mange", "'person:mange' is not a known perm"),
        ("person:manage, allow", "person:manage, alow", "'alow' is not a known effect"),
        ("g, clerk, member", "g, clerk, head", "'head' is not a known base role"),
        ("g, clerk, member", "g, clerk", "expected 'p, role"),
        ("g, clerk, member", "g, clerk, member\ng, clerk, member", "said twice"),
        ("g, clerk, member", "p, clerk, person:manage, deny", "said twice"),
        ("p, officer, activity:propose, allow", "", "no role is allowed activity:propose"),
    ],
)
def test_a_policy_with_a_mistake_does_not_start_and_says_where(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    with pytest.raises(PolicyError, match=r"policy\.csv") as error:
        read_policy(copy_policy(tmp_path, old, new))
    assert says in str(error.value)


def test_a_missing_policy_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="cannot be read"):
        read_policy(tmp_path)


def test_a_deny_in_the_files_reaches_the_table(tmp_path: Path) -> None:
    folder = copy_policy(
        tmp_path, "g, clerk, member", "g, clerk, member\np, proposer, plan:view, deny"
    )
    table = build_table(read_policy(folder))
    assert Permission.PLAN_VIEW in table.denied[Role.HEAD]
    assert Permission.PLAN_VIEW not in table.allowed[Role.HEAD]
    assert Permission.PLAN_VIEW in table.allowed[Role.CLERK]
