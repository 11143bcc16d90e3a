"""A good case file, and what breaks it: each row is one mistake an author can make."""

import pytest

from portal.compliance.cases import CaseFileError, load_cases

GOOD = """\
case: a sentence
as_of: 2024-11-20
province: quang-nam
agencies: [{id: a, kind: department}, {id: b, kind: district, succeeds: [a]}]
people: [{id: an, agency: a}, {id: binh, agency: b}]
plans:
- {agency: a, year: 2024, status: approved, items: [{id: P1, kind: outbound, month: 3, size: 4}]}
history: [{id: H1, kind: outbound, agency: a, status: approved, members: [{person: an}]}]
proposal:
  id: N1
  kind: outbound
  agency: a
  submitted: 2024-11-20
  departs: 2024-12-20
  countries: [LA]
  members: [{person: an, role: head}]
  programme: [{date: 2024-12-21, item: x, topics: [trade]}]
  purpose: trade
  invitation: {from: x, date: 2024-11-01, document: true}
waivers: [{rule: outbound.relatives, by: chair}]
expect: {verdict: pass, findings: {}}
"""

ITEM = "{id: P1, kind: outbound, month: 3, size: 4}"
MEMBERS = "members: [{person: an, role: head}]"
NEW = "  agency: a\n"

# what is replaced, by what, the dotted key of the error, a word of what was expected
MALFORMED = [
    ("case: a sentence\n", "", "case", "missing"),
    ("case: a sentence", "case: null", "case", "missing"),
    ("case: a sentence", "case: '  '", "case", "blank"),
    ("case: a sentence", "case: 12", "case", "text"),
    ("case: a sentence", "case: yes", "case", "text"),
    ("case: a sentence", "case: 2024-11-20", "case", "text"),
    ("case: a sentence", "case: 12:30:00", "case", "text"),
    ("case: a sentence", "case: =", "case", "text"),
    ("case: a sentence", "case: <<", "case", "text"),
    ("case: a sentence", "case: [a]", "case", "text"),
    ("case: a sentence", "case: 1.5", "case", "text"),
    ("case: a sentence", "case: !!int ''", "case", "text"),
    ("case: a sentence", "case: !!int _", "case", "text"),
    ("case: a sentence", "case: !!int 0x", "case", "text"),
    ("case: a sentence", "case: !!float ''", "case", "text"),
    ("case: a sentence", "case: !!bool maybe", "case", "text"),
    ("case: a sentence", "case: !!timestamp soon", "case", "text"),
    ("case: a sentence", "case: !!value =", "case", "tag"),
    ("case: a sentence", "case: &a a\nas_of: &a 2024-11-20", "as_of", "once"),
    ("case: a sentence", "case: .inf", "case", "text"),
    ("case: a sentence", "case: 2024-02-30", "case", "text"),
    ("case: a sentence", "case: !!binary aGVsbG8=", "case", "tag"),
    ("case: a sentence", "case: !!set {a, b}", "case", "tag"),
    ("case: a sentence", "case: !python/none x", "case", "tag"),
    ("case: a sentence", "case: !!python/object:os.system x", "case", "tag"),
    ("case: a sentence", "case: &a sentence\nname: *a", "name", "alias"),
    ("case: a sentence", "case: *a", "case", "alias"),
    ("case: a sentence", "case: a\ncase: b", "case", "once"),
    ("case: a sentence", "case: a\n'case': b", "case", "once"),
    ("case: a sentence", "case: a\nCase: b", "Case", "one of"),
    ("case: a sentence", "case: a\n1: b", "(document)", "text key"),
    ("case: a sentence", "case: a\nno: b", "(document)", "text key"),
    ("case: a sentence", "case: a\n~: b", "(document)", "text key"),
    ("case: a sentence", "case: a\n? [x]\n: b", "(document)", "text key"),
    ("case: a sentence", "case: a\n? {x: y}\n: b", "(document)", "text key"),
    ("case: a sentence", "case: a\n<<: {x: y}", "(document)", "merge"),
    ("case: a sentence", "case: a\n'<<': b", "<<", "one of"),
    ("case: a sentence", 'case: "a\\0b"', "case", "NUL"),
    ("case: a sentence", 'case: "\\ud800"', "case", "YAML"),
    ("case: a sentence", "case: a: b", "(document)", "YAML"),
    ("case: a sentence", "case: a\n\tb: c", "case", "YAML"),
    ("case: a sentence", "case: 'a", "case", "YAML"),
    ("as_of: 2024-11-20", "as_of: null", "as_of", "missing"),
    ("as_of: 2024-11-20", "as_of: 2024-02-30", "as_of", "date"),
    ("as_of: 2024-11-20", "as_of: 2023-02-29", "as_of", "date"),
    ("as_of: 2024-11-20", "as_of: '2023-02-29'", "as_of", "date"),
    ("as_of: 2024-11-20", "as_of: 2024-11-20 10:00:00", "as_of", "date"),
    ("as_of: 2024-11-20", "as_of: 2024-11-20T10:00:00Z", "as_of", "date"),
    ("as_of: 2024-11-20", "as_of: '2024-11-20 '", "as_of", "date"),
    ("as_of: 2024-11-20", "as_of: '20241120'", "as_of", "date"),
    ("as_of: 2024-11-20", "as_of: 20241120", "as_of", "date"),
    ("as_of: 2024-11-20", "as_of: 20/11/2024", "as_of", "date"),
    ("as_of: 2024-11-20", "as_of: 2024-W47-3", "as_of", "date"),
    ("as_of: 2024-11-20", "as_of: 1999-12-31", "as_of", "2000"),
    ("as_of: 2024-11-20", "as_of: 2100-01-01", "as_of", "2099"),
    ("as_of: 2024-11-20", "as_of: '٢٠٢٤-١١-٢٠'", "as_of", "date"),
    ("as_of: 2024-11-20", "as_of: {}", "as_of", "date"),
    ("province: quang-nam", "province: hue", "province", "quang-nam, da-nang"),
    ("province: quang-nam", "province: [quang-nam]", "province", "one of"),
    ("{id: a, kind: department}", "{id: a}", "agencies.0.kind", "missing"),
    ("{id: a, kind: department}", "{kind: department}", "agencies.0.id", "missing"),
    ("{id: a, kind: department}", "{id: 7, kind: department}", "agencies.0.id", "text"),
    ("{id: a, kind: department}", "{id: a, kind: ministry}", "agencies.0.kind", "one of"),
    ("{id: a, kind: department}", "a", "agencies.0", "mapping"),
    ("{id: a, kind: department}", "null", "agencies.0", "mapping"),
    ("{id: a, kind: department}", "{id: b, kind: department}", "agencies.1.id", "unique"),
    ("succeeds: [a]", "succeeds: a", "agencies.1.succeeds", "list"),
    ("succeeds: [a]", "succeeds: [c]", "agencies.1.succeeds.0", "declared"),
    ("succeeds: [a]", "succeeds: [b]", "agencies.1.succeeds", "circle"),
    ("kind: department}", "kind: department, succeeds: [b]}", "agencies.0.succeeds", "circle"),
    ("{id: an, agency: a}", "{id: an}", "people.0.agency", "missing"),
    ("{id: an, agency: a}", "{id: an, agency: z}", "people.0.agency", "declared"),
    ("{id: an, agency: a}", "{id: binh, agency: a}", "people.1.id", "unique"),
    ("{id: an, agency: a}", "{id: an, agency: a, key_leader: 1}", "people.0.key_leader", "true"),
    (
        "{id: an, agency: a}",
        "{id: an, agency: a, key_leader: 'true'}",
        "people.0.key_leader",
        "true",
    ),
    ("{id: an, agency: a}", "{id: an, agency: a, name: An}", "people.0.name", "one of"),
    ("{id: an, agency: a}", "{id: an, agency: a, managed_by: me}", "people.0.managed_by", "one of"),
    ("year: 2024", "year: '2024'", "plans.0.year", "whole number"),
    ("year: 2024", "year: 1999", "plans.0.year", "2000"),
    ("year: 2024", "year: 2100", "plans.0.year", "2099"),
    ("year: 2024", "year: 2024.0", "plans.0.year", "whole number"),
    ("year: 2024", "year: 0o3750", "plans.0.year", "whole number"),
    ("year: 2024", "year: true", "plans.0.year", "whole number"),
    ("year: 2024", "year: " + "9" * 5000, "plans.0.year", "whole number"),
    ("year: 2024", "year: 1:" + "5:" * 5000 + "5", "plans.0.year", "whole number"),
    ("status: approved, items", "items", "plans.0.status", "missing"),
    ("status: approved, items", "status: agreed, items", "plans.0.status", "one of"),
    (f"items: [{ITEM}]", "items: null", "plans.0.items", "missing"),
    (f"items: [{ITEM}]", "x: 1", "plans.0.x", "one of"),
    (ITEM, "{id: P1}", "plans.0.items.0.kind", "missing"),
    ("month: 3", "month: 13", "plans.0.items.0.month", "1 to 12"),
    ("month: 3", "month: 0", "plans.0.items.0.month", "1 to 12"),
    ("month: 3", "month: true", "plans.0.items.0.month", "whole number"),
    ("size: 4", "size: 0", "plans.0.items.0.size", "from 1"),
    ("size: 4", "size: 4.5", "plans.0.items.0.size", "whole number"),
    ("size: 4", "leader: nobody", "plans.0.items.0.leader", "declared"),
    ("size: 4", "countries: LA", "plans.0.items.0.countries", "list"),
    ("size: 4}", "size: 4}, {id: P1, kind: inbound}", "plans.0.items.1.id", "unique"),
    ("{agency: a, year", "{agency: z, year", "plans.0.agency", "declared"),
    ("status: approved, members", "members", "history.0.status", "missing"),
    ("status: approved, members", "status: returned, members", "history.0.status", "one of"),
    ("id: H1, kind: outbound", "id: H1, kind: trip", "history.0.kind", "one of"),
    ("id: H1, kind: outbound", "id: H1, kind: project", "history.0.members", "one of"),
    (
        "agency: a, status: approved, m",
        "agency: z, status: approved, m",
        "history.0.agency",
        "declared",
    ),
    ("members: [{person: an}]", "members: [{person: x}]", "history.0.members.0.person", "declared"),
    ("proposal:\n", "proposal: null\nexpected:\n", "expected", "one of"),
    ("  id: N1\n", "", "proposal.id", "missing"),
    ("  kind: outbound\n", "", "proposal.kind", "missing"),
    ("  kind: outbound\n", "  kind: 1\n", "proposal.kind", "one of"),
    ("  agency: a\n", "", "proposal.agency", "missing"),
    ("  agency: a\n", "  agency: z\n", "proposal.agency", "declared"),
    (NEW, NEW + "  status: draft\n", "proposal.status", "one of"),
    (NEW, NEW + "  arrives: 2024-12-20\n", "proposal.arrives", "one of"),
    (NEW, NEW + "  plan_item: 5\n", "proposal.plan_item", "text"),
    (NEW, NEW + "  stage: decided\n", "proposal.stage", "one of"),
    (NEW, NEW + "  classified: secret\n", "proposal.classified", "one of"),
    (NEW, NEW + "  secret_documents: no way\n", "proposal.secret_documents", "true"),
    (NEW, NEW + "  secret_documents: 0\n", "proposal.secret_documents", "true"),
    (NEW, NEW + "  secret_documents: {x: 1}\n", "proposal.secret_documents.x", "one of"),
    (NEW, NEW + "  leader_rank: chair\n", "proposal.leader_rank", "one of"),
    ("countries: [LA]", "countries: LA", "proposal.countries", "list"),
    ("countries: [LA]", "countries: [la]", "proposal.countries.0", "two-letter"),
    ("countries: [LA]", "countries: [LAO]", "proposal.countries.0", "two-letter"),
    ("countries: [LA]", "countries: [NO]", "proposal.countries.0", '"NO"'),
    ("countries: [LA]", "countries: [null]", "proposal.countries.0", "two-letter"),
    ("countries: [LA]", "countries: ['LÀ']", "proposal.countries.0", "two-letter"),
    (MEMBERS, "members: {person: an}", "proposal.members", "list"),
    (MEMBERS, "members: [an]", "proposal.members.0", "mapping"),
    (MEMBERS, "members: [{role: head}]", "proposal.members.0.person", "missing"),
    ("role: head}", "role: chief}", "proposal.members.0.role", "one of"),
    ("role: head}", "relative_of: x}", "proposal.members.0.relative_of", "declared"),
    ("role: head}", "role: head}, {person: an}", "proposal.members.1.person", "once"),
    ("purpose: trade", "purpose: 5", "proposal.purpose", "text"),
    ("purpose: trade", "purpose: no", "proposal.purpose", "text"),
    ("date: 2024-12-21", "date: soon", "proposal.programme.0.date", "date"),
    ("topics: [trade]", "topics: trade", "proposal.programme.0.topics", "list"),
    ("topics: [trade]", "topics: [1]", "proposal.programme.0.topics.0", "text"),
    ("document: true", "document: 1", "proposal.invitation.document", "true"),
    ("{from: x, date: 2024-11-01, document: true}", "x", "proposal.invitation", "mapping"),
    ("rule: outbound.relatives", "rule: outbound.unheard-of", "waivers.0.rule", "id of a rule"),
    ("rule: outbound.relatives, ", "", "waivers.0.rule", "missing"),
    ("by: chair", "by: police", "waivers.0.by", "one of"),
    ("by: chair", "number: 5", "waivers.0.number", "one of"),
    ("by: chair", "document: 5", "waivers.0.document", "text"),
    ("items: [" + ITEM + "]}", "items: []}\n- P2", "plans.1", "mapping"),
    ("item: x", "item: 5", "proposal.programme.0.item", "text"),
    ("programme: [{", "programme: [x, {", "proposal.programme.0", "mapping"),
    ("findings: {}", "deadlines: [soon]", "expect.deadlines.0", "mapping"),
    ("verdict: pass, ", "", "expect.verdict", "missing"),
    ("verdict: pass", "verdict: fail", "expect.verdict", "one of"),
    ("findings: {}", "findings: none", "expect.findings", "mapping"),
    ("findings: {}", "findings: [outbound.plan]", "expect.findings.0", "mapping"),
    ("findings: {}", "findings: [{}]", "expect.findings.0", "mapping"),
    ("findings: {}", "findings: [{a: block, b: warn}]", "expect.findings.0", "mapping"),
    ("findings: {}", "findings: {outbound.plan: bad}", "expect.findings.outbound.plan", "one of"),
    ("findings: {}", "findings: {a: warn, a: warn}", "expect.findings.a", "once"),
    (
        "findings: {}",
        "deadlines: [{rule: outbound.trip-report}]",
        "expect.deadlines.0.due",
        "missing",
    ),
    ("findings: {}", "authority: mayor", "expect.authority", "one of"),
    ("findings: {}", "notify: police", "expect.notify", "list"),
    ("expect: {verdict: pass, findings: {}}", "expect: pass", "expect", "mapping"),
]


# kind, a line of its proposal, the dotted key of the error
OTHER_KINDS = [
    ("inbound", "guests: [{name: x, passport: y}]", "proposal.guests.0.passport"),
    ("inbound", "guests: [{nationality: NO}]", "proposal.guests.0.nationality"),
    ("inbound", "areas: [coast]", "proposal.areas.0"),
    ("inbound", "received_by: chair", "proposal.received_by"),
    ("inbound", "press_permit: granted", "proposal.press_permit"),
    ("inbound", "departs: 2024-12-01", "proposal.departs"),
    ("conference", "documents: [form-02]", "proposal.documents.0"),
    ("conference", "foreign_participants: 0", "proposal.foreign_participants"),
    ("conference", "highest_foreign_rank: king", "proposal.highest_foreign_rank"),
    ("conference", "opinions: [{asked: 2024-11-01}]", "proposal.opinions.0.from"),
    ("conference", "opinions: [{from: x, objection: true}]", "proposal.opinions.0.objection"),
    ("conference", "signing: 2024-12-01", "proposal.signing"),
    ("project", "type: loan", "proposal.type"),
    ("project", "donor: {kind: church}", "proposal.donor.kind"),
    ("project", "donor: ngo", "proposal.donor"),
    ("project", "screening: {sensitive_area: maybe}", "proposal.screening.sensitive_area"),
    ("project", "screening: {weather: true}", "proposal.screening.weather"),
    ("project", "reported: 2024-12-01", "proposal.reported"),
    ("agreement", "signatory: ministry", "proposal.signatory"),
    ("agreement", "procedure: fast", "proposal.procedure"),
    ("agreement", "opinions: [{from: ' '}]", "proposal.opinions.0.from"),
    ("agreement", "starts: 2024-12-01", "proposal.starts"),
]

# bytes that are no case at all
NO_CASE = [
    b"",
    b"   \n",
    b"# only a comment\n",
    b"---\n",
    b"--- null\n",
    b"[]\n",
    b"a sentence\n",
    b"\xff\xfe\x00",
    "\ufeff".encode("utf-16"),
    GOOD.encode("utf-16"),
    GOOD.encode() + b"\x00",
    GOOD.encode() + b"\xc3(",
    b"\x80abc",
    b"\x00" * 100,
    b"%YAML 9.9\n---\na: b\n",
    b"{" * 5000,
    b"[" * 100_000,
    b"- " * 50_000,
    b"? " * 5000,
    b"a: &a [x]\nb: *a\n",
    b"a: |\n" + b" x\n" * 100_000,
    b"'" * 100_001,
    b"&a " * 1000,
    b"!!map [a]\n",
    b"a: !!seq {b: c}\n",
    b"a: \x01\n",
    b"a: \x7f\n",
]


def changed(old: str, new: str) -> str:
    """The good case with one mistake."""
    assert old in GOOD, old
    return GOOD.replace(old, new, 1)


def of_kind(kind: str, lines: str) -> str:
    """The shortest case of a kind, with these lines in its proposal."""
    head = "case: x\nas_of: 2024-11-20\nprovince: da-nang\nagencies: [{id: a, kind: focal}]\n"
    return f"{head}proposal:\n  kind: {kind}\n  agency: a\n  {lines}\n"


def error_of(data: str | bytes) -> CaseFileError:
    raw = data if isinstance(data, bytes) else data.encode("utf-8")
    with pytest.raises(CaseFileError) as caught:
        load_cases(raw, "file.yaml")
    line = str(caught.value)
    assert len(line.splitlines()) == 1
    assert line.isprintable()
    assert line.startswith(f"file.yaml: document {caught.value.document}: {caught.value.key}: ")
    assert "expected" in line
    return caught.value
