import { hash } from 'node:crypto';
import type { FactTypes, TemplateLanguage } from '#domain/notifications';
import type { Standing } from './confirmation.js';
import { LANGUAGES, type Language, type LanguageTag, type Outcome } from './confirmation-words.js';

/** The longest reason that a page takes, in characters. */
export const REASON_LIMIT = 2_000;

/** What stands in pages beside their words; each page has of it what it needs. */
const FACTS = {
  incidentId: 'text?',
  title: 'text?',
  notes: 'text?',
  resolvedAt: 'instant?',
  closedAt: 'instant?',
  confirmToken: 'text?',
  rejectToken: 'text?',
  isReasonWanted: 'text?',
  reason: 'text?',
  reasonLimit: 'text',
} as const satisfies FactTypes;

const STYLE =
  'body{font:1.1rem/1.5 system-ui,sans-serif;max-width:38rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}' +
  'h1{font-size:1.6rem;line-height:1.25}dt{font-weight:600}dd{margin:0 0 .75rem;white-space:pre-wrap;overflow-wrap:anywhere}' +
  'form{margin:1.5rem 0}label{display:block;font-weight:600}' +
  'textarea{box-sizing:border-box;width:100%;margin:.25rem 0 .75rem;padding:.5rem;font:inherit;border:1px solid #595959;border-radius:.25rem}' +
  'button{font:inherit;font-weight:600;padding:.6rem 1.2rem;border:2px solid #0b5394;border-radius:.25rem;background:#0b5394;color:#fff;cursor:pointer}' +
  'button.second{background:#fff;color:#0b5394}:focus-visible{outline:3px solid #f1a208;outline-offset:2px}[role=alert]{color:#a40000;font-weight:600}';

/**
 * Nothing is loaded from anywhere, no script runs, nobody shows the page in a frame of their own, and its forms lead nowhere but here. The
 * one style sheet that is in it is known by its hash.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${hash('sha256', STYLE, 'base64')}'`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-robots-tag': 'noindex, nofollow',
  vary: 'Accept-Language',
};

const ABOUT = ({ about, resolution }: Language) =>
  `{{#if incidentId}}<dl><dt>${about}</dt><dd>{{incidentId}}{{#if title}}: {{title}}{{/if}}</dd>` +
  `{{#if notes}}<dt>${resolution}</dt><dd>{{notes}}</dd>{{/if}}</dl>{{/if}}`;

// the action is relative: the site may stand below a path of its own
const CONFIRM = ({ works }: Language) =>
  `{{#if confirmToken}}<form method="post" action="{{confirmToken}}"><button>${works}</button></form>{{/if}}`;

const REJECT = ({ worksNot, reason, reasonWanted }: Language) =>
  '{{#if rejectToken}}<form method="post" action="{{rejectToken}}">' +
  `<label for="reason">${reason}</label>` +
  `{{#if isReasonWanted}}<p id="wanted" role="alert">${reasonWanted}</p>{{/if}}` +
  `<textarea id="reason" name="reason" rows="4" required maxlength="{{reasonLimit}}"` +
  '{{#if isReasonWanted}} aria-invalid="true" aria-describedby="wanted"{{/if}}>{{#if reason}}{{reason}}{{/if}}</textarea>' +
  `<button class="second">${worksNot}</button></form>{{/if}}`;

const sourceOf = (tag: LanguageTag, outcome: Outcome): string => {
  const language = LANGUAGES[tag];
  const { heading, says } = language.pages[outcome];
  return (
    `<!doctype html>\n<html lang="${tag}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">` +
    `<meta name="robots" content="noindex, nofollow"><title>${heading}</title><style>${STYLE}</style></head>\n` +
    `<body><main><h1>${heading}</h1>\n${says.map((sentence) => `<p>${sentence}</p>`).join('\n')}\n` +
    `${ABOUT(language)}\n${CONFIRM(language)}\n${REJECT(language)}\n</main></body></html>\n`
  );
};

/** Every page there is, as its source: for a test that holds them to the language of templates. */
export const pageSources = (): readonly Readonly<{ source: string; facts: FactTypes }>[] =>
  (Object.keys(LANGUAGES) as LanguageTag[]).flatMap((tag) =>
    (Object.keys(LANGUAGES[tag].pages) as Outcome[]).map((outcome) => ({ source: sourceOf(tag, outcome), facts: FACTS })),
  );

/** How a page is shown, and what somebody had typed already. */
type Shown = Readonly<{ language: LanguageTag; timeZone: string; typed?: string }>;

/** The page of an outcome. Whatever somebody wrote is escaped. */
export const confirmationPage = (
  { is, incident, question }: Omit<Standing, 'is'> & Readonly<{ is: Outcome }>,
  { language, timeZone, typed }: Shown,
  templates: TemplateLanguage,
): string => {
  const values: Record<keyof typeof FACTS, string | null> = {
    incidentId: incident?.incidentId ?? null,
    title: incident?.title ?? null,
    notes: incident?.resolution?.notes ?? null,
    resolvedAt: incident?.resolution?.at ?? null,
    closedAt: incident?.closedAt ?? null,
    confirmToken: is === 'asked' ? (question?.tokens.confirm ?? null) : null,
    rejectToken: question?.tokens.reject ?? null,
    isReasonWanted: is === 'reason-wanted' ? 'yes' : null,
    reason: (is === 'reason-wanted' && typed) || null,
    reasonLimit: String(REASON_LIMIT),
  };
  return templates.render(sourceOf(language, is), values, { language, timeZone, html: true });
};
