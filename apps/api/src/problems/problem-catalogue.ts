/** A kind of Problem: the status it comes with, what it means, and what the caller can do about it. */
export type ProblemKind = Readonly<{ status: number; means: string; remedy: string }>;

const kind = (status: number, means: string, remedy: string): ProblemKind => ({ status, means, remedy });

const inThatStatus = (status: string) =>
  kind(409, `The incident is ${status}, which forbids what was asked.`, 'docs/incident-states.md says what each status allows.');

const correctTheField = 'Correct the fields that `errors` names.';
const tryAgain = 'Try again after `Retry-After` seconds.';

/** Every code that a Problem can have. A code never changes its meaning; docs/problems.md is written from this. */
export const PROBLEMS: Readonly<Record<string, ProblemKind>> = {
  // the request itself
  REQUEST_INVALID: kind(400, 'The request has fields that are wrong, missing or unknown.', correctTheField),
  BODY_INVALID: kind(400, 'The body is not JSON, is empty, or is not as long as it says.', 'Send one JSON object.'),
  BODY_TOO_LARGE: kind(413, 'The body is larger than this server reads.', 'Send less; FAULTLINE_BODY_LIMIT_BYTES sets the limit.'),
  MEDIA_TYPE_UNSUPPORTED: kind(
    415,
    'The body is of a media type that is not read there.',
    'Send `Content-Type: application/json`; for a feed of days off, `text/calendar`.',
  ),
  URL_INVALID: kind(400, 'The path cannot be decoded.', 'Percent-encode it as UTF-8.'),
  ROUTE_NOT_FOUND: kind(404, 'Nothing is at this path with this method.', '/docs lists what there is.'),
  INCIDENT_ID_INVALID: kind(400, 'The path names no incident number.', 'Take a number such as INC0000001.'),
  POSITION_INVALID: kind(400, 'A position of the log is not one.', 'Take it from `Faultline-Position`, or from an event.'),
  PERIOD_INVALID: kind(400, 'A period would end before it begins, or is longer than is answered at once.', correctTheField),
  ENTRY_ID_INVALID: kind(
    400,
    'The path names no override, swap or absence.',
    'Take 1 to 64 letters, digits, `.`, `_` and `-`, as it was arranged under.',
  ),
  CURSOR_INVALID: kind(400, 'The cursor belongs to no such list, or to another sort.', 'Follow the `Link` header of the page before.'),
  SEARCH_INVALID: kind(400, 'The words of a search are none, or too many.', correctTheField),
  KPI_REQUEST_INVALID: kind(400, 'These figures cannot be asked for.', correctTheField),
  REPLAY_POINT_INVALID: kind(400, 'An incident cannot be replayed to that point.', 'Give a count of events, or an instant in UTC.'),
  INTERNAL_ERROR: kind(
    500,
    'The server failed for a reason that nobody foresaw.',
    'Its log says why, under the `X-Correlation-Id` of the answer.',
  ),

  // who asks, and how often
  ACTOR_MISSING: kind(400, 'Nobody is named as who asks.', 'Send `Faultline-Actor: person:jane.doe`.'),
  ACTOR_INVALID: kind(400, 'A header that names who asks cannot be read.', 'docs/api.md says how the headers look.'),
  ACTOR_NOT_TRUSTED: kind(
    401,
    'This server believes no headers by which a caller names itself.',
    'See FAULTLINE_ACTOR_HEADERS in docs/settings.md.',
  ),
  IDEMPOTENCY_KEY_INVALID: kind(400, 'The `Idempotency-Key` is not 1 to 255 visible ASCII characters.', 'Send a UUID.'),
  IDEMPOTENCY_KEY_REUSED: kind(422, 'The key was used before, with another request.', 'Send a new key, or the same request.'),
  IF_MATCH_INVALID: kind(400, '`If-Match` is not one strong ETag.', 'Send the ETag as it was answered, such as `"4"`.'),
  REVISION_STALE: kind(
    412,
    'The incident has moved on from the revision that `If-Match` pins.',
    'Read it again and decide anew; `ETag` is where it is now.',
  ),
  CONTENDED: kind(409, 'Others kept changing the incident meanwhile.', tryAgain),
  OCCURRED_IN_FUTURE: kind(400, '`occurredAt` lies ahead of now.', 'Give the time when it happened, or leave it out.'),

  // the incident
  INCIDENT_NOT_FOUND: kind(404, 'No incident has that number.', 'Right after reporting it, ask a view with `?after=POSITION`.'),
  INCIDENT_NOT_REPORTED_YET: kind(404, 'The incident had not been reported at that point.', 'Take a later point.'),
  INCIDENT_ALREADY_REPORTED: kind(409, 'The number is another incident’s.', 'Report it again: it gets a number of its own.'),
  INCIDENT_NEW: inThatStatus('new'),
  INCIDENT_ACKNOWLEDGED: inThatStatus('acknowledged'),
  INCIDENT_ON_HOLD: inThatStatus('on hold'),
  INCIDENT_RESOLVED: inThatStatus('resolved'),
  INCIDENT_CLOSED: inThatStatus('closed'),
  INCIDENT_CANCELLED: inThatStatus('cancelled'),
  INCIDENT_STILL_MAJOR: kind(409, 'It is a major incident, and cannot end as one.', 'Stand it down first.'),
  INCIDENT_NOT_MAJOR: kind(409, 'It is no major incident.', 'There is nothing to stand down.'),
  DETECTED_IN_FUTURE: kind(400, 'It was detected after it was reported.', correctTheField),
  SUBCATEGORY_WITHOUT_CATEGORY: kind(400, 'A subcategory was given without its category.', 'Give both.'),
  CATEGORIZED_BY_PERSON: kind(
    409,
    'A person has sorted it; a rule or a model does not overrule that.',
    'Leave it, or have a person sort it.',
  ),
  CONFIDENCE_INVALID: kind(400, 'Confidence is a model’s, from 0 to 1.', correctTheField),
  PRIORITY_LEVEL_UNKNOWN: kind(400, 'The priority matrix has no such level.', 'Take one of those that `errors` names.'),
  PRIORITY_MATRIX_INVALID: kind(400, 'This is no priority matrix.', correctTheField),
  OVERRIDE_WITHOUT_REASON: kind(400, 'A priority set by hand needs a reason.', 'Say why it is not what the matrix says.'),
  ESCALATION_TO_SAME_TEAM: kind(409, 'It is with that team already.', 'Escalate it to another one.'),
  HOLD_ENDS_BEFORE_IT_BEGINS: kind(400, 'The hold would end before it begins.', correctTheField),
  HOLD_NOT_OVER: kind(409, 'What it waits for is not over yet.', 'Resume it for another cause, or later.'),
  NEXT_UPDATE_NOT_LATER: kind(400, 'The next update would be due before this one.', correctTheField),
  CURRENCIES_DIFFER: kind(400, 'One entry has costs in two currencies.', 'Log them as two entries.'),
  LINK_TO_ITSELF: kind(409, 'An incident cannot be linked to itself.', 'Name the other one.'),
  LINK_BOTH_WAYS: kind(409, 'The two are linked the other way round already.', 'Take that link away first.'),
  LINK_SECOND_PARENT: kind(409, 'It has a parent already.', 'Take that link away first.'),
  LINK_NOT_FOUND: kind(409, 'There is no such link.', 'The incident lists its links.'),
  RESTORED_IN_FUTURE: kind(400, 'The service was restored after it was resolved.', correctTheField),
  NOT_THE_REPORTER: kind(409, 'Only who reported it, or for whom it was, can judge its resolution.', 'Ask as that person.'),
  RESOLUTION_NOT_CONFIRMED: kind(
    409,
    'It is to be closed as confirmed, and nobody has confirmed it.',
    'Confirm it first, or close it another way.',
  ),
  CLOSURE_DAYS_INVALID: kind(400, 'Days after which it closes belong to a closure that time brings, and to no other.', correctTheField),
  DUPLICATE_OF_INVALID: kind(400, 'A duplicate names the incident it duplicates; nothing else does.', correctTheField),
  REOPEN_WINDOW_OVER: kind(
    409,
    'It was closed too long ago to be reopened.',
    'The API opens a new incident instead, linked to it; a rule asked otherwise refuses.',
  ),
  EVENT_NOT_FOUND: kind(404, 'The incident has no event at that revision.', 'Its history lists its events.'),
  FACT_NOT_CORRECTABLE: kind(400, 'The event has no such fact, or none that is ever corrected.', 'Take one of those that `errors` names.'),
  FACT_INVALID: kind(400, 'The corrected value is none that the fact can have.', correctTheField),
  CORRECTION_NOT_APPROVED: kind(400, 'A correction needs someone else’s approval.', 'Name who approved it.'),
  APPEND_TOO_LARGE: kind(400, 'What is to be recorded at once is more than the log takes (1 MiB).', 'Say less, or in several commands.'),
  STREAM_NAME_INVALID: kind(400, 'No stream can have that name.', 'Take an incident number such as INC0000001.'),

  // what a site defines
  DEFINITION_NOT_FOUND: kind(404, 'Nothing is defined under that name.', 'The list of its kind says what there is.'),
  DEFINITION_ID_INVALID: kind(
    400,
    'That is no id of a definition, or not the one that it has to go by.',
    'Take 1 to 63 lower-case letters, digits and -; for a template of notices, its occasion.',
  ),
  REFERENCE_UNKNOWN: kind(400, 'A definition names another one that is not there, or is out of use.', 'Define that one first.'),
  SERVICE_LEVEL_POLICY_INVALID: kind(400, 'This is no service level policy.', correctTheField),
  SIMULATION_PERIOD_INVALID: kind(400, 'The period of a simulation would end before it begins.', correctTheField),
  SIMULATION_TOO_LARGE: kind(400, 'More incidents lie in the period than one simulation plays.', 'Take a shorter period.'),
  ESCALATION_POLICY_INVALID: kind(400, 'This is no escalation policy.', correctTheField),
  CLOSURE_POLICY_INVALID: kind(400, 'This is no closure policy.', correctTheField),
  MAJOR_INCIDENT_POLICY_INVALID: kind(400, 'This is no policy about major incidents.', correctTheField),
  DEFINITION_RETIRED: kind(409, 'It is out of use already.', 'Defined again, it is in use again.'),
  EFFECTIVE_IN_PAST: kind(
    400,
    'A change would hold from before now on.',
    'Let it hold from now on, or from later: what was judged stays judged.',
  ),
  EFFECTIVE_BEFORE_LATEST: kind(
    400,
    'A change would hold from before the latest version on.',
    'Let it hold from that version’s instant on, or from later.',
  ),
  CALENDAR_INVALID: kind(400, 'This is no calendar.', correctTheField),

  // people and the catalogue
  PERSON_INVALID: kind(400, 'This is no person.', correctTheField),
  TEAM_INVALID: kind(400, 'This is no team.', correctTheField),
  ASSIGNMENT_RULES_INVALID: kind(400, 'These are no assignment rules.', correctTheField),
  PERSON_NOT_FOUND: kind(404, 'Nobody is defined under that id.', 'Define the person first.'),
  ABSENCE_NOT_FOUND: kind(404, 'The person has no absence under that id.', 'Their history lists their absences.'),
  ABSENCE_ENDS_BEFORE_IT_BEGINS: kind(400, 'The absence would end before it begins.', correctTheField),
  ABSENCE_TOO_LONG: kind(400, 'The absence would be longer than any is.', 'Say it in parts, or retire the person.'),
  ABSENCE_IN_PAST: kind(400, 'The absence is over already.', 'Only one that is not over changes who is given what.'),
  ABSENCE_ID_TAKEN: kind(409, 'That id is another absence’s of the same person.', 'Give this one an id of its own.'),
  ABSENCES_TOO_MANY: kind(409, 'The person has as many absences ahead as are taken.', 'End one of them first.'),
  ABSENCE_OVER: kind(409, 'The absence is over already.', 'There is nothing to end.'),
  ABSENCE_END_NOT_EARLIER: kind(400, 'The absence ends earlier than that.', 'To be away longer, report another absence.'),
  TAXONOMY_INVALID: kind(400, 'This is no taxonomy.', correctTheField),
  CATEGORY_UNKNOWN: kind(400, 'The taxonomy has no such category or subcategory.', 'Take one of those that `errors` names.'),
  CATEGORY_RETIRED: kind(400, 'That category or subcategory is not chosen any more.', 'Take one of those that `errors` names.'),
  GUIDE_NOT_FOUND: kind(404, 'The taxonomy has no decision guide.', 'Choose one of its categories, or define it with a guide.'),
  ANSWER_UNKNOWN: kind(400, 'The decision guide has no such answer to that question.', 'Take one of those that `errors` names.'),
  ANSWER_NOT_ASKED: kind(400, 'The answers before have led to a category already.', 'Leave the later ones out.'),
  PRIORITY_POLICY_INVALID: kind(400, 'This is no priority policy.', correctTheField),
  SERVICE_INVALID: kind(400, 'This is no service.', correctTheField),

  // on-call
  ON_CALL_SCHEDULE_INVALID: kind(400, 'This is no on-call schedule.', correctTheField),
  SCHEDULE_NOT_IN_USE: kind(409, 'The schedule is not in use for all of that time.', 'Take a time in which it is.'),
  INTERVAL_INVALID: kind(400, 'A stretch of time does not begin before it ends, or is too long.', correctTheField),
  INTERVAL_IN_PAST: kind(400, 'The stretch of time is over already: who was on call, was.', correctTheField),
  OVERRIDE_INVALID: kind(400, 'This is no override of a schedule.', correctTheField),
  OVERRIDE_EXISTS: kind(409, 'That id is another override’s of the same schedule.', 'Give this one an id of its own.'),
  OVERRIDE_NOT_FOUND: kind(404, 'The schedule has no override under that id.', 'Its history lists its overrides.'),
  OVERRIDE_OVER: kind(409, 'The override is over already.', 'There is nothing to take away.'),
  SWAP_INVALID: kind(400, 'This is no swap of shifts.', correctTheField),
  SWAP_EXISTS: kind(409, 'That id is another swap’s of the same schedule.', 'Give this one an id of its own.'),
  SWAP_NOT_ON_CALL: kind(
    409,
    'Somebody would give away time in which they are not on call.',
    'Take whole shifts as the schedule has them.',
  ),
  SWAP_WITH_ONESELF: kind(400, 'A swap is between two people.', correctTheField),
  ICALENDAR_INVALID: kind(400, 'This is no calendar in iCalendar (RFC 5545), or one that is too large.', correctTheField),
  HOLIDAYS_NONE: kind(
    400,
    'The feed has no whole day off in the time that was asked for.',
    'Ask for other days, or send a feed of days off: events that last part of a day are none.',
  ),
  HOLIDAY_WINDOW_INVALID: kind(400, 'Holidays cannot be taken from those days.', correctTheField),

  // notices
  TEMPLATE_INVALID: kind(400, 'This is no template of notices.', correctTheField),
  NOTICE_PREFERENCES_INVALID: kind(400, 'These are no preferences about notices.', correctTheField),
  TEMPLATE_NOT_IN_USE: kind(
    409,
    'The site has taken its template of that occasion out of use, and sends nothing then.',
    'Define it again, or send a draft.',
  ),
  FACTS_INVALID: kind(400, 'The occasion has no such facts, or they are of another kind.', correctTheField),
  NOTICE_ID_INVALID: kind(400, 'The path names no notice.', 'Take its id from the list of notices.'),
  NOTICE_TOO_LARGE: kind(400, 'A notice is longer than is ever sent.', 'Make its template say less.'),
  NOTICE_NOT_FOUND: kind(404, 'There is no such notice.', 'The list of notices says what there is.'),
  NOTICE_NOT_ATTEMPTED: kind(409, 'The notice was not attempted so often.', 'Read it again.'),
  NOTICE_NOT_FAILED: kind(409, 'The notice has not failed.', 'Only what has failed is tried again by hand.'),
  LINK_INVALID: kind(400, 'The link is none of this site’s, or only a part of one.', 'Take it whole from the message.'),
  LINK_EXPIRED: kind(409, 'The link works no longer.', 'Answer through the service desk.'),
  LINK_USED: kind(409, 'The link was used, or the incident has moved on since.', 'Take it from the latest message.'),

  // engines and views
  EVENT_STORE_UNAVAILABLE: kind(
    503,
    'The event store cannot be reached. A command may have been done or not.',
    `${tryAgain} The same \`Idempotency-Key\` makes that safe.`,
  ),
  READ_MODELS_UNAVAILABLE: kind(503, 'The database of the views cannot be reached.', tryAgain),
  VIEW_BEHIND: kind(503, 'The view has not reached the position that `after` asks for.', tryAgain),
  VIEW_NOT_BUILT: kind(503, 'Nobody has built the view yet.', 'Is a projector running? Then try again.'),
  VIEW_REBUILT: kind(503, 'The view was rebuilt while it was being read.', tryAgain),
};
