"""What breaks a file of the law: each row is one mistake a lawyer or developer can make."""

QUOTA = "quang-nam/outbound.supplement-quota.yaml"
DATES = "vn/any.dates.yaml"
CALENDAR = "working-days.yaml"
SIZE = "da-nang/outbound.size.yaml"
SIZES = """\
    params:
      province_leader: 10
      province_deputy: 7
      department: 5
"""
EVERYTHING = ""
HEAD = "rule: outbound.supplement-quota\ntitle: {vi: a, en: b}\ndescription: {vi: a, en: b}\n"

# file, what is replaced, by what: each is refused in one line, the next of refused_rules.txt
FAULTY = [
    (QUOTA, "rule: outbound.supplement-quota", "rule: outbound.unheard-of"),
    (QUOTA, "rule: outbound.supplement-quota", "rule: outbound.plan"),
    (QUOTA, "rule: outbound.supplement-quota", "rule: outbound.supplement-quota\nrule: x"),
    (QUOTA, "rule: outbound.supplement-quota", "ruling: outbound.supplement-quota"),
    (QUOTA, "severity: block", "severity: stop"),
    (QUOTA, "severity: block", "severity: block\n    colour: red"),
    (QUOTA, "severity: block", ""),
    (QUOTA, "severity: block", "severity: warn"),
    (QUOTA, "mark: V", "mark: M"),
    (QUOTA, "mark: V", "mark: D"),
    (QUOTA, "mark: V", "mark: X"),
    (QUOTA, "    mark: V\n", ""),
    (QUOTA, "level: province", "level: design"),
    (QUOTA, "level: province", "level: practice-elsewhere"),
    (QUOTA, "level: province", "level: village"),
    (QUOTA, "      limit: 2", "      limit: 0"),
    (QUOTA, "      limit: 2", "      limit: 10001"),
    (QUOTA, "      limit: 2", "      limit: two"),
    (QUOTA, "      limit: 2", "      limit: 2\n      other: 3"),
    (QUOTA, "    params:\n      limit: 2\n", ""),
    (QUOTA, "    params:\n      limit: 2\n", "    params: 2\n"),
    (QUOTA, "legal_basis:\n", "legal_basis:\n      - x\n"),
    (SIZE, SIZES, "    params: 3\n"),
    (QUOTA, "valid_to: null", "valid_to: 2024-10-14"),
    (QUOTA, "valid_to: null", "valid_to: always"),
    (QUOTA, "valid_from: 2024-10-15", "valid_from: null"),
    (QUOTA, "document: bao-quang-nam-3143501", "document: nowhere"),
    (QUOTA, "document: bao-quang-nam-3143501", "kinds: [outbound]\n        document: luat-49-2019"),
    (QUOTA, "document: bao-quang-nam-3143501", "page: 3\n        document: luat-49-2019"),
    (QUOTA, "        clause: ", "        kinds: [trips]\n        clause: "),
    (QUOTA, 'checked_by: "nhóm xây dựng hệ thống, chưa có luật gia xác nhận"', ""),
    (QUOTA, "checked_on: 2026-11-23", "checked_on: lately"),
    (QUOTA, "checked_on: 2026-11-23", "checked_on: null"),
    (QUOTA, "waivable_by: deciding-authority", "waivable_by: anybody"),
    (QUOTA, 'en: "Out-of-plan delegations a year"', 'fr: "x"'),
    (QUOTA, '  en: "Out-of-plan delegations a year"\n', ""),
    (QUOTA, "    note:\n      vi: >-", "    note:\n      fr: >-"),
    (QUOTA, "quá {limit} đoàn", "quá {most} đoàn"),
    (QUOTA, "at most {limit}", "at most {"),
    (QUOTA, "versions:\n", "versions: []\nrest:\n"),
    (QUOTA, "rule: ", "[]\n---\nrule: "),
    (QUOTA, EVERYTHING, "[]"),
    (QUOTA, EVERYTHING, HEAD),
    (QUOTA, EVERYTHING, HEAD + "versions: []"),
    (QUOTA, EVERYTHING, HEAD + "versions: x"),
    (QUOTA, EVERYTHING, HEAD + "versions: [x]"),
    (QUOTA, EVERYTHING, "rule: outbound.supplement-quota\ntitle: a\ndescription: b\n"),
    (DATES, "valid_to: null", "valid_to: null\n    params: {days: 3}"),
    (DATES, "valid_to: null", "valid_to: null\n    params: 3"),
    (DATES, "kinds: [outbound]", "kinds: [trips]"),
    ("documents.yaml", EVERYTHING, "[]"),
    ("documents.yaml", EVERYTHING, ""),
    ("documents.yaml", EVERYTHING, "a: b"),
    ("documents.yaml", '  date: "2024"', "  date: last year"),
    ("documents.yaml", '  date: "2024"', '  date: "2024-10"'),
    ("documents.yaml", '  date: "2024"', '  dated: "2024"'),
    ("documents.yaml", "  level: province", "  level: village"),
    ("documents.yaml", "  number: Chỉ đạo", "  title_of: Chỉ đạo"),
    (CALENDAR, "closed: []", "shut: []"),
    (CALENDAR, "closed: []", "closed: [soon]"),
    (CALENDAR, "worked: []", "worked: [soon]"),
    (CALENDAR, EVERYTHING, "[]"),
]
