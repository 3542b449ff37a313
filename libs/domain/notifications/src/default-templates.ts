import type { Occasion } from './occasions.js';
import type { NoticeTemplate, TemplateText } from './template.js';

/** Lines for a fact that is not always known. */
const where = (fact: string, ...lines: readonly string[]): readonly string[] => [`{{#if ${fact}}}`, ...lines, '{{/if}}'];

/** What every notice of an incident says of it, in the words of a language. */
const aboutIncident =
  (priority: string, service: string) =>
  (opening: string, ...more: readonly string[]): string =>
    [
      opening,
      '',
      '{{incidentId}}: {{title}}',
      ...where('priority', `${priority}: {{priority}}`),
      ...where('service', `${service}: {{service}}`),
      ...more,
      ...where('incidentLink', '', '{{incidentLink}}'),
    ].join('\n');

const english = aboutIncident('Priority', 'Service');
const german = aboutIncident('Priorität', 'Dienst');

const template = (occasion: Occasion, name: string, en: TemplateText, de: TemplateText): NoticeTemplate => ({
  name,
  occasion,
  defaultLanguage: 'en',
  texts: { en, de },
});

/** The templates that a new site starts with, one for each occasion; the id of each is its occasion. */
export const DEFAULT_NOTICE_TEMPLATES: Readonly<Record<Occasion, NoticeTemplate>> = {
  'assigned-to-you': template(
    'assigned-to-you',
    'Assigned to you',
    {
      subject: '{{incidentId}} is yours: {{title}}',
      text: english('This incident is assigned to you.', ...where('team', 'Team: {{team}}'), ...where('reason', 'Why you: {{reason}}')),
    },
    {
      subject: '{{incidentId}} ist Ihnen zugewiesen: {{title}}',
      text: german(
        'Diese Störung ist Ihnen zugewiesen.',
        ...where('team', 'Team: {{team}}'),
        ...where('reason', 'Warum Ihnen: {{reason}}'),
      ),
    },
  ),
  'escalated-to-you': template(
    'escalated-to-you',
    'Escalated to you',
    {
      subject: 'Escalated to you: {{incidentId}} {{title}}',
      text: english(
        'This incident is escalated to you{{#if from}} by {{from}}{{/if}}.',
        'Reason: {{reason}}',
        ...where('stepsTaken', '', 'Done so far:', '{{stepsTaken}}'),
      ),
    },
    {
      subject: 'An Sie eskaliert: {{incidentId}} {{title}}',
      text: german(
        'Diese Störung ist {{#if from}}von {{from}} {{/if}}an Sie eskaliert.',
        'Grund: {{reason}}',
        ...where('stepsTaken', '', 'Bisher unternommen:', '{{stepsTaken}}'),
      ),
    },
  ),
  'major-incident-proposed': template(
    'major-incident-proposed',
    'Major incident proposed',
    {
      subject: 'Is it a major incident? {{incidentId}} {{title}}',
      text: english('Somebody should decide whether this is a major incident.', 'Reason: {{reason}}'),
    },
    {
      subject: 'Ist es eine schwerwiegende Störung? {{incidentId}} {{title}}',
      text: german('Jemand sollte entscheiden, ob dies eine schwerwiegende Störung ist.', 'Grund: {{reason}}'),
    },
  ),
  'major-incident-declared': template(
    'major-incident-declared',
    'Major incident declared',
    {
      subject: 'Major incident: {{incidentId}} {{title}}',
      text: english(
        'A major incident is declared.',
        'Incident manager: {{incidentManager}}',
        ...where('communicationsLead', 'Communications lead: {{communicationsLead}}'),
        'Reason: {{reason}}',
      ),
    },
    {
      subject: 'Schwerwiegende Störung: {{incidentId}} {{title}}',
      text: german(
        'Eine schwerwiegende Störung ist ausgerufen.',
        'Leitung: {{incidentManager}}',
        ...where('communicationsLead', 'Kommunikation: {{communicationsLead}}'),
        'Grund: {{reason}}',
      ),
    },
  ),
  'stakeholder-update': template(
    'stakeholder-update',
    'Stakeholder update',
    {
      subject: 'Update on {{incidentId}}: {{title}}',
      text: english('{{update}}', ...where('nextUpdateDueAt', 'Next update by: {{date nextUpdateDueAt}}')),
    },
    {
      subject: 'Neues zu {{incidentId}}: {{title}}',
      text: german('{{update}}', ...where('nextUpdateDueAt', 'Nächste Nachricht bis: {{date nextUpdateDueAt}}')),
    },
  ),
  'service-level-warned': template(
    'service-level-warned',
    'Service level warned',
    {
      subject: '{{share}} % of the time for {{target}} is used: {{incidentId}} {{title}}',
      text: english(
        '{{share}} % of the time for {{target}} is used.',
        'Due: {{date dueAt}}',
        ...where('left', 'Left: {{duration left}}'),
        ...where('policy', 'Policy: {{policy}}'),
      ),
    },
    {
      subject: '{{share}} % der Frist für {{target}} sind verbraucht: {{incidentId}} {{title}}',
      text: german(
        '{{share}} % der Frist für {{target}} sind verbraucht.',
        'Fällig: {{date dueAt}}',
        ...where('left', 'Es bleiben: {{duration left}}'),
        ...where('policy', 'Vereinbarung: {{policy}}'),
      ),
    },
  ),
  'service-level-breached': template(
    'service-level-breached',
    'Service level breached',
    {
      subject: '{{target}} is overdue: {{incidentId}} {{title}}',
      text: english('The time for {{target}} is over.', 'It was due: {{date dueAt}}', ...where('policy', 'Policy: {{policy}}')),
    },
    {
      subject: '{{target}} ist überfällig: {{incidentId}} {{title}}',
      text: german(
        'Die Frist für {{target}} ist abgelaufen.',
        'Fällig war: {{date dueAt}}',
        ...where('policy', 'Vereinbarung: {{policy}}'),
      ),
    },
  ),
  resolved: template(
    'resolved',
    'Resolved',
    {
      subject: 'Does it work again? {{incidentId}} {{title}}',
      text: english(
        'We have resolved your incident on {{date resolvedAt}}.',
        ...where('notes', '', '{{notes}}'),
        ...where('confirmLink', '', 'It works again:', '{{confirmLink}}'),
        ...where('rejectLink', '', 'It does not:', '{{rejectLink}}'),
        ...where('linksWorkUntil', '', 'Each of these links works once, until {{date linksWorkUntil}}.'),
        ...where('closesAt', '', 'If we do not hear from you, we close it on {{date closesAt}}.'),
      ),
    },
    {
      subject: 'Funktioniert es wieder? {{incidentId}} {{title}}',
      text: german(
        'Wir haben Ihre Störung am {{date resolvedAt}} behoben.',
        ...where('notes', '', '{{notes}}'),
        ...where('confirmLink', '', 'Es funktioniert wieder:', '{{confirmLink}}'),
        ...where('rejectLink', '', 'Es funktioniert nicht:', '{{rejectLink}}'),
        ...where('linksWorkUntil', '', 'Jeder dieser Links gilt einmal, bis {{date linksWorkUntil}}.'),
        ...where('closesAt', '', 'Wenn wir nichts von Ihnen hören, schließen wir sie am {{date closesAt}}.'),
      ),
    },
  ),
  closed: template(
    'closed',
    'Closed',
    {
      subject: 'Closed: {{incidentId}} {{title}}',
      text: english(
        'Your incident was closed on {{date closedAt}}.',
        ...where('reopenUntil', '', 'Should it come back, tell us by {{date reopenUntil}}, and we open it again.'),
      ),
    },
    {
      subject: 'Geschlossen: {{incidentId}} {{title}}',
      text: german(
        'Ihre Störung wurde am {{date closedAt}} geschlossen.',
        ...where('reopenUntil', '', 'Tritt sie wieder auf, melden Sie es bis {{date reopenUntil}}: Wir öffnen sie dann erneut.'),
      ),
    },
  ),
  reopened: template(
    'reopened',
    'Reopened',
    {
      subject: 'Open again: {{incidentId}} {{title}}',
      text: english('This incident is open again.', ...where('reason', 'Reason: {{reason}}')),
    },
    {
      subject: 'Wieder offen: {{incidentId}} {{title}}',
      text: german('Diese Störung ist wieder offen.', ...where('reason', 'Grund: {{reason}}')),
    },
  ),
  'on-call-page': template(
    'on-call-page',
    'On-call page',
    {
      subject: 'On call: {{incidentId}} {{title}}',
      text: english(
        'You are on call{{#if schedule}} for {{schedule}}{{/if}}, and this incident needs you.',
        'Reason: {{reason}}',
        ...where('acknowledgeBy', 'Acknowledge it by {{date acknowledgeBy}}, or it goes on to the next one.'),
      ),
    },
    {
      subject: 'Bereitschaft: {{incidentId}} {{title}}',
      text: german(
        'Sie haben {{#if schedule}}für {{schedule}} {{/if}}Bereitschaft, und diese Störung braucht Sie.',
        'Grund: {{reason}}',
        ...where('acknowledgeBy', 'Bestätigen Sie sie bis {{date acknowledgeBy}}, sonst geht sie an die Nächsten.'),
      ),
    },
  ),
  digest: template(
    'digest',
    'Digest',
    { subject: '{{count}} updates', text: '{{count}} updates were held for you.\n\n{{updates}}' },
    { subject: '{{count}} Nachrichten', text: '{{count}} Nachrichten haben auf Sie gewartet.\n\n{{updates}}' },
  ),
};
