"""What steps, answers and authorities are called, in the words of the papers."""

from dataclasses import dataclass

from portal.web.i18n import LazyText, lazy


@dataclass(frozen=True, slots=True)
class Words:
    """A step: the verb on its button, what the timeline says once it was taken, its look."""

    verb: LazyText
    done: LazyText
    icon: str
    kind: str = "secondary"
    """primary: the usual way on; secondary: another way; danger: ends the file."""


ACTIONS: dict[str, Words] = {
    "send-for-review": Words(
        lazy("Send for internal review"), lazy("Sent for internal review"), "eye", "primary"
    ),
    "endorse": Words(lazy("Endorse and pass to the head"), lazy("Endorsed"), "check", "primary"),
    "send-back": Words(lazy("Send back to the drafter"), lazy("Sent back"), "arrow-back-up"),
    "submit": Words(
        lazy("Submit to the Department of Foreign Affairs"), lazy("Submitted"), "send", "primary"
    ),
    "refer": Words(
        lazy("Refer to the Department of Foreign Affairs"), lazy("Referred with a block"), "send"
    ),
    "record-after-fact": Words(
        lazy("Record as already carried out"), lazy("Recorded after the fact"), "flag"
    ),
    "withdraw": Words(lazy("Withdraw the file"), lazy("Withdrawn"), "x", "danger"),
    "receive": Words(lazy("Take into appraisal"), lazy("Taken into appraisal"), "check", "primary"),
    "return": Words(
        lazy("Return for correction"), lazy("Returned for correction"), "arrow-back-up"
    ),
    "ask-opinion": Words(
        lazy("Ask the provincial police for an opinion"),
        lazy("Opinion of the provincial police asked"),
        "messages",
        "primary",
    ),
    "give-opinion": Words(lazy("Give the opinion"), lazy("Opinion given"), "messages", "primary"),
    "record-opinion": Words(
        lazy("Record an opinion received on paper"), lazy("Opinion received on paper"), "file-text"
    ),
    "appraise": Words(lazy("Write the appraisal"), lazy("Appraisal written"), "scale", "primary"),
    "send-back-appraisal": Words(
        lazy("Send the appraisal back"), lazy("Appraisal sent back"), "arrow-back-up"
    ),
    "sign-appraisal": Words(
        lazy("Sign the appraisal"), lazy("Appraisal signed"), "rubber-stamp", "primary"
    ),
    "consent": Words(
        lazy("Give the standing committee's consent"),
        lazy("Consent of the standing committee given"),
        "rubber-stamp",
        "primary",
    ),
    "record-consent": Words(
        lazy("Record the standing committee's consent from its document"),
        lazy("Consent of the standing committee recorded"),
        "file-text",
        "primary",
    ),
    "refuse-consent": Words(
        lazy("Refuse the consent"), lazy("Consent refused"), "circle-x", "danger"
    ),
    "approve": Words(lazy("Approve"), lazy("Approved"), "rubber-stamp", "primary"),
    "record-approval": Words(
        lazy("Record an approval from its document"),
        lazy("Approval recorded from its document"),
        "file-text",
    ),
    "reject": Words(lazy("Do not approve"), lazy("Not approved"), "circle-x", "danger"),
    "record-rejection": Words(
        lazy("Record a refusal from its document"),
        lazy("Refusal recorded from its document"),
        "file-text",
    ),
    "return-for-correction": Words(
        lazy("Return to the agency for correction"),
        lazy("Returned for correction"),
        "arrow-back-up",
    ),
    "cancel": Words(lazy("Cancel the activity"), lazy("Cancelled"), "ban", "danger"),
    "depart": Words(lazy("Depart"), lazy("Departed"), "plane-departure"),
    "return-home": Words(lazy("Return"), lazy("Returned home"), "flag"),
    "report": Words(lazy("Report the result"), lazy("Result reported"), "notes", "primary"),
    "record-passports": Words(
        lazy("Record that the passports are handed in"), lazy("Passports handed in"), "checklist"
    ),
    "close": Words(lazy("Close the file"), lazy("Closed"), "archive", "primary"),
    "waive": Words(lazy("Record a waiver"), lazy("Waiver recorded"), "file-text"),
    "draft-amendment": Words(lazy("Amend"), lazy("Amendment begun"), "pencil"),
    "submit-amendment": Words(
        lazy("Submit the amendment"), lazy("Amendment submitted"), "send", "primary"
    ),
    "settle-amendment": Words(
        lazy("Agree to the small amendment"), lazy("Small amendment settled"), "check", "primary"
    ),
    "appraise-amendment": Words(
        lazy("Appraise the amendment"), lazy("Amendment appraised"), "scale", "primary"
    ),
    "approve-amendment": Words(
        lazy("Approve the amendment"), lazy("Amendment approved"), "rubber-stamp", "primary"
    ),
    "record-amendment-approval": Words(
        lazy("Record an approval of the amendment from its document"),
        lazy("Approval of the amendment recorded from its document"),
        "file-text",
    ),
    "record-amendment-refusal": Words(
        lazy("Record a refusal of the amendment from its document"),
        lazy("Refusal of the amendment recorded from its document"),
        "file-text",
    ),
    "refuse-amendment": Words(
        lazy("Refuse the amendment"), lazy("Amendment refused"), "circle-x", "danger"
    ),
    "withdraw-amendment": Words(
        lazy("Withdraw the amendment"), lazy("Amendment withdrawn"), "x", "danger"
    ),
}

CONSEQUENCES: dict[str, LazyText] = {
    "send-back": lazy("The drafter gets the file back and reads your reason."),
    "refer": lazy(
        "The Department of Foreign Affairs can return or refuse the file; nobody can approve it "
        "while the block stands."
    ),
    "record-after-fact": lazy("The file stays marked as recorded after the fact for ever."),
    "withdraw": lazy("This ends the file for good. To propose it again, draft a new one."),
    "return": lazy("The agency gets the file back with a deadline, corrects it and submits again."),
    "ask-opinion": lazy("The appraisal is written once the opinion has come."),
    "give-opinion": lazy("The answer goes to the Department of Foreign Affairs."),
    "record-opinion": lazy("The appraisal goes on from the opinion that came on paper."),
    "appraise": lazy("The head of the Department of Foreign Affairs then signs the appraisal."),
    "send-back-appraisal": lazy("The appraising officer rewrites the appraisal."),
    "consent": lazy("The chair then takes the implementing decision."),
    "record-consent": lazy("The chair then takes the implementing decision."),
    "refuse-consent": lazy("This ends the file for good; the agency reads your reason."),
    "approve": lazy("The trips of the members are counted from now on; the agency is told."),
    "record-approval": lazy(
        "The trips of the members are counted from now on; the agency is told."
    ),
    "reject": lazy("This ends the file for good; the agency reads your reason."),
    "record-rejection": lazy("This ends the file for good; the agency reads the reason."),
    "return-for-correction": lazy(
        "The agency gets the file back with a deadline, corrects it and submits again."
    ),
    "cancel": lazy("This ends the file for good; the trips of its members are given back."),
    "refuse-amendment": lazy("The approved version stays in force."),
    "withdraw-amendment": lazy("The approved version stays in force."),
}
"""What follows from a step that asks something, said before it is taken."""

TASKS: dict[str, LazyText] = {
    "review": lazy("Internal review"),
    "submit": lazy("Approval by the head and submission"),
    "correct": lazy("Correction"),
    "receive": lazy("Receipt for appraisal"),
    "appraise": lazy("Appraisal"),
    "sign-appraisal": lazy("Signature of the appraisal"),
    "give-opinion": lazy("Opinion of the police"),
    "consent": lazy("Consent of the standing committee"),
    "record-consent": lazy("Recording of the consent"),
    "decide": lazy("Decision"),
    "record-decision": lazy("Recording of the decision"),
    "report": lazy("Trip report"),
    "close": lazy("Closing of the file"),
    "settle-amendment": lazy("Settling of a small amendment"),
    "appraise-amendment": lazy("Appraisal of an amendment"),
    "decide-amendment": lazy("Decision on an amendment"),
    "record-amendment": lazy("Recording of the decision on an amendment"),
}

AMENDMENT_STATES: dict[str, LazyText] = {
    "draft": lazy("being drafted"),
    "submitted": lazy("submitted"),
    "appraised": lazy("appraised, waiting for the decision"),
    "applied": lazy("in force"),
    "refused": lazy("refused"),
    "withdrawn": lazy("withdrawn"),
}

ON_PAPER = "received-on-paper"

OPINIONS: dict[str, LazyText] = {
    "agree": lazy("Agrees"),
    "agree-with-conditions": lazy("Agrees on conditions"),
    "object": lazy("Does not agree"),
    "received-on-paper": lazy("Received on paper"),
}

TOPICS: dict[str, LazyText] = {
    "defence": lazy("Defence"),
    "security": lazy("Security"),
    "other": lazy("Other"),
}
"""What an entry of the programme touches on: defence and security call for the police's opinion."""

RECOMMENDATIONS: dict[str, LazyText] = {
    "approve": lazy("Recommends to approve"),
    "refuse": lazy("Recommends to refuse"),
}

AUTHORITIES: dict[str, LazyText] = {
    "central": lazy("Central authority (recorded from its document)"),
    "standing-committee": lazy(
        "Standing committee of the provincial Party committee, then the chair"
    ),
    "chair": lazy("Chair of the provincial People's Committee"),
}

ROLES: dict[str, LazyText] = {
    "head": lazy("Head of delegation"),
    "deputy": lazy("Deputy head of delegation"),
    "member": lazy("Member"),
}

FUNDING: dict[str, LazyText] = {
    "state": lazy("State budget"),
    "host": lazy("Host partner"),
    "enterprise": lazy("Enterprise"),
    "personal": lazy("Personal means"),
}

ATTACHMENTS: dict[str, LazyText] = {
    "invitation": lazy("Invitation"),
    "programme": lazy("Programme"),
    "estimate": lazy("Cost estimate"),
    "opinion": lazy("Written opinion"),
    "consent": lazy("Document of consent"),
    "decision": lazy("Decision document"),
    "report": lazy("Report"),
    "other": lazy("Other document"),
}
