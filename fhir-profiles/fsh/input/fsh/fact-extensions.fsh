// What is noted on facts, organizations and reports, and R4 has no element for.

Extension: FactsAsOf
Id: facts-as-of
Title: "Facts as of"
Description: "By element of the Encounter, the instant of the message that had the last word on it; by claim about the status (status.finished), that of the newest message that made it. Older messages that arrive later do not change what they name."
Context: Encounter
* insert Published(2026-11-23)
* . 0..1
* extension 1..
* extension.url ^short = "Path of the element, or claim"
* extension.value[x] 1..
* extension.value[x] only instant

Extension: LastEventAt
Id: last-event-at
Title: "Last event at"
Description: "The instant of the newest message that was applied: on an Encounter of any about the visit, on what a message brought along of that message."
Context: Encounter, Condition, Coverage
* insert Published(2026-11-23)
* . 0..1
* value[x] 1..
* value[x] only instant

Extension: NextPage
Id: next-page
Title: "Next page"
Description: "Where the next page of a report is. The counts of a page are of that page; those of all pages add up."
Context: MeasureReport
* insert Published(2026-11-23)
* . 0..1
* value[x] 1..
* value[x] only url

Extension: OutsideParty
Id: outside-party
Title: "Outside party"
Description: "Whether it may be told of a patient only with the consent of the patient."
Context: Organization, HealthcareService
* insert Published(2026-11-23)
* . 0..1
* value[x] 1..
* value[x] only boolean

Extension: ReportedScore
Id: reported-score
Title: "Reported score"
Description: "A total that somebody else counted from the same answers and that differs from this one. Both are kept."
Context: Observation
* insert Published(2026-11-23)
* . ^definition = "A total that somebody else counted from the same answers and that differs from this one."
* extension ^slicing.rules = #closed
* extension contains score 1..1 and source 1..1
* extension[score] ^short = "The other total"
* extension[score].value[x] 1..
* extension[score].value[x] only decimal
* extension[source] ^short = "The response or the Observation that says so"
* extension[source].value[x] 1..
* extension[source].value[x] only Reference

Extension: RiskScore
Id: risk-score
Title: "Risk score"
Description: "The score that a risk was read from, in the points of the method."
Context: RiskAssessment
* insert Published(2026-11-23)
* . 0..1
* value[x] 1..
* value[x] only integer

Extension: TransitionLine
Id: transition-line
Title: "Transition line"
Description: "One step of one programme for one Encounter, as a line of a report. The list that it stands in says what has become of it."
Context: List.entry
* insert Published(2026-11-23)
* . 0..1
* extension contains encounter 1..1 and facility 0..1 and rule 1..1 and step 0..1 and code 0..1 and from 0..1 and windowStart 0..1 and due 0..1 and complianceEnd 0..1 and reason 0..1 and evidence 0..* and evidenceDate 0..1 and owner 0..1
* extension[encounter] ^short = "The Encounter it is about"
* extension[encounter].value[x] 1..
* extension[encounter].value[x] only Reference
* extension[facility] ^short = "Where the patient was"
* extension[facility].value[x] 1..
* extension[facility].value[x] only Reference
* extension[rule] ^short = "The definition, with its version"
* extension[rule].value[x] 1..
* extension[rule].value[x] only canonical
* extension[step] ^short = "Id of the action; none when the programme as a whole is not asked for"
* extension[step].value[x] 1..
* extension[step].value[x] only string
* extension[code] ^short = "Task.code"
* extension[code].value[x] 1..
* extension[code].value[x] only code
* extension[from] ^short = "When the plan began"
* extension[from].value[x] 1..
* extension[from].value[x] only dateTime
* extension[windowStart] ^short = "From when on it counts"
* extension[windowStart].value[x] 1..
* extension[windowStart].value[x] only dateTime
* extension[due] ^short = "When it is due"
* extension[due].value[x] 1..
* extension[due].value[x] only dateTime
* extension[complianceEnd] ^short = "When what counts for the programme ends"
* extension[complianceEnd].value[x] 1..
* extension[complianceEnd].value[x] only dateTime
* extension[reason] ^short = "Why it was withdrawn"
* extension[reason].value[x] 1..
* extension[reason].value[x] only code
* extension[evidence] ^short = "What shows its state"
* extension[evidence].value[x] 1..
* extension[evidence].value[x] only Reference
* extension[evidenceDate] ^short = "When what closed it took place"
* extension[evidenceDate].value[x] 1..
* extension[evidenceDate].value[x] only dateTime
* extension[owner] ^short = "Whose work it is"
* extension[owner].value[x] 1..
* extension[owner].value[x] only Reference or string
