import { describe, expect, it } from '@jest/globals';
import type { InvalidInput } from '#kernel';
import {
  composeNotice,
  CONFIRMATION_PLACEHOLDERS,
  DEFAULT_NOTICE_TEMPLATES,
  factTypesOf,
  NOTICE_LIMITS,
  OCCASION_NAMES,
  parseNoticeTemplate,
  withLinks,
  type FactTypes,
  type NoticeTemplate,
} from '#domain/notifications';
import { handlebarsTemplates } from './handlebars-templates.js';

const FACTS: FactTypes = { title: 'text', team: 'text?', dueAt: 'instant', left: 'duration?', link: 'link' };
const faultsOf = (source: string) => handlebarsTemplates.faultsOf(source, FACTS);

const BERLIN = { language: 'en', timeZone: 'Europe/Berlin', html: false };
const render = (source: string, facts: Record<string, string | number | null>, style: Partial<typeof BERLIN> = {}) =>
  handlebarsTemplates.render(source, facts, { ...BERLIN, ...style });

describe('a source', () => {
  it.each([
    'plain text, {single braces} and }} alone',
    '{{title}} {{link}} {{!-- a remark --}}',
    '{{date dueAt}} {{date dueAt "America/New_York"}}',
    '{{#if team}}for {{team}}{{else}}for nobody{{/if}}',
    '{{#unless team}}nobody{{else}}{{team}}{{/unless}}',
    '{{#if left}}{{duration left}}{{else if team}}{{team}}{{/if}}',
    '{{~title~}}',
  ])('may say %s', (source) => expect(faultsOf(source)).toEqual([]));

  it.each([
    ['a fact that there is not', '\n{{titel}}', /^line 2: "titel" is no fact .* there is title, team, dueAt, left, link$/],
    ['a way to somewhere else', '{{title.length}}', /^line 1: "title\.length" is no fact/],
    ['what Handlebars adds', '{{@root}} {{this}} {{../title}}', /no fact/],
    ['a text', '{{"title"}}', /^line 1: "title" is no fact/],
    ['what every object has', '{{constructor}}', /^line 1: "constructor" is no fact/],
    ['what every object has, as a fact', '{{#if __proto__}}x{{/if}}', /"__proto__" is no fact/],
    ['markup that somebody wrote', 'x\n\n{{{title}}}', /^line 3: three braces/],
    ['the same in other words', '{{&title}}', /^line 1: three braces/],
    ['what may be missing', '{{team}}', /^line 1: team is not always known: it goes between \{\{#if team}} and \{\{\/if}}$/],
    ['what is missing', '{{#if team}}x{{else}}{{team}}{{/if}}', /team is not always known/],
    ['what is missing, the other way round', '{{#unless team}}{{team}}{{/unless}}', /team is not always known/],
    ['an instant as it is', '{{dueAt}}', /^line 1: dueAt is written \{\{date dueAt}}$/],
    ['a duration as a date', '{{#if left}}{{date left}}{{/if}}', /left is written \{\{duration left}}/],
    ['a text as a date', '{{date title}}', /title is written \{\{title}}/],
    ['a zone that there is not', '{{date dueAt "Berlin"}}', /perhaps an IANA time zone/],
    ['a zone for a duration', '{{#if left}}{{duration left "UTC"}}{{/if}}', /duration takes one fact/],
    ['a helper without its fact', '{{date}}', /"date" is no fact/],
    ['a helper that there is not', '{{lookup title "length"}}', /^line 1: this is no helper: there is \{\{fact}}/],
    ['a helper within a helper', '{{date (lookup title "x")}}', /this is no fact/],
    ['options for a helper', '{{title format="x"}}', /no helper/],
    ['a loop', '{{#each title}}x{{/each}}', /^line 1: blocks are \{\{#if fact}}/],
    ['another context', '{{#with title}}x{{/with}}', /blocks are/],
    ['a condition without a fact', '{{#if}}x{{/if}}', /if takes one fact/],
    ['a condition on two', '{{#if title team}}x{{/if}}', /if takes one fact/],
    ['a block parameter', '{{#if title as |t|}}x{{/if}}', /blocks are/],
    ['a block the other way round', '{{^if title}}x{{/if}}', /blocks are/],
    ['a partial', '{{> title}}', /^line 1: partials and decorators/],
    ['a partial of its own', '{{#*inline "x"}}a{{/inline}}', /partials and decorators/],
    ['braces that nobody closes', 'a\nb\n{{title', /^line 3: it cannot be read here/],
    ['a block that nobody closes', '{{#if title}}', /^line 1: it cannot be read here/],
    ['a block that another one closes', '{{title}}\n{{#if title}}\n{{/unless}}', /^line 2: it cannot be read here/],
    ['too many expressions', '{{title}}'.repeat(201), /^line 1: there are more than 200 expressions/],
    ['too many blocks in each other', `${'{{#if title}}'.repeat(9)}x${'{{/if}}'.repeat(9)}`, /at most 8 deep/],
  ])('does not say %s', (_, source, fault) => {
    const faults = faultsOf(source);
    expect(faults).toEqual(expect.arrayContaining([expect.stringMatching(fault)]));
    for (const each of faults) expect(each).toMatch(/^line \d+: /);
  });

  it('is told its faults, ten at a time', () => {
    expect(faultsOf('{{titel}}\n{{dueAt}}\n{{#each x}}{{/each}}')).toHaveLength(3);
    expect(faultsOf('{{titel}}'.repeat(5_000))).toHaveLength(10);
  });
});

describe('rendering', () => {
  it('puts facts in as they are into text, and escaped into HTML', () => {
    const facts = { title: '<b onclick="x">Tom & Jerry\'s</b>' };
    expect(render('{{title}}', facts)).toBe(facts.title);
    expect(render('<p>{{title}}</p>', facts, { html: true })).toBe(
      '<p>&lt;b onclick&#x3D;&quot;x&quot;&gt;Tom &amp; Jerry&#x27;s&lt;/b&gt;</p>',
    );
  });

  it('renders no template that is in a fact', () => {
    expect(render('{{title}}', { title: '{{team}} {{#each}}' })).toBe('{{team}} {{#each}}');
  });

  it('shows instants by the clocks of the reader, or of a zone it names', () => {
    const dueAt = '2026-07-05T08:31:00.000Z';
    expect(render('{{date dueAt}}', { dueAt })).toMatch(/^Sun,? 5 July 2026.* 10:31 (CEST|GMT\+2)$/);
    expect(render('{{date dueAt}}', { dueAt }, { language: 'de' })).toMatch(/^So.*5\. Juli 2026.* 10:31 MESZ$/);
    expect(render('{{date dueAt "America/New_York"}}', { dueAt })).toMatch(/ 04:31 (EDT|GMT-4)$/);
    // an hour that Berlin has twice: the zone tells which one
    const [first, second] = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'].map((at) => render('{{date dueAt}}', { dueAt: at }));
    expect(first).not.toBe(second);
  });

  it.each([
    [0, '0 minutes', '0 Minuten'],
    [-5, '0 minutes', '0 Minuten'],
    [59_999, '0 minutes', '0 Minuten'],
    [60_000, '1 minute', '1 Minute'],
    [3_600_000, '1 hour', '1 Stunde'],
    [93_900_000, '26 hours 5 minutes', '26 Stunden 5 Minuten'],
  ])('tells %d ms in hours and minutes', (left, english, german) => {
    expect(render('{{duration left}}', { left })).toBe(english);
    expect(render('{{duration left}}', { left }, { language: 'de' })).toBe(german);
  });

  it('reaches no prototype, were such a source ever let in', () => {
    expect(render('{{constructor}}{{toString}}{{__proto__}}', { title: 'x' })).toBe('');
  });

  it('is loud about a fact that nobody gave', () => {
    expect(() => render('{{titel}}', { title: 'x' })).toThrow('"titel" not defined');
  });
});

describe('the templates that a site starts with', () => {
  /** One value of each type: whatever can be missing is there, or is not. */
  const factsFor = (template: NoticeTemplate, withUnsure: boolean) =>
    Object.fromEntries(
      Object.entries(factTypesOf(template.occasion))
        .filter(([, type]) => withUnsure || !type.endsWith('?'))
        .map(([name, type]) => [
          name,
          type.startsWith('duration') ? 5_400_000 : type.startsWith('instant') ? '2026-01-05T10:00:00Z' : `«${name}»`,
        ]),
    );

  it.each(OCCASION_NAMES)('%s: has no faults, and is worded in English and German', (occasion) => {
    const template = DEFAULT_NOTICE_TEMPLATES[occasion];
    expect(template.occasion).toBe(occasion);
    expect(parseNoticeTemplate(template, handlebarsTemplates)).toEqual(template);
    const version = { version: 1, effectiveFrom: '2026-01-01T00:00:00Z', definition: template };

    for (const language of ['en', 'de']) {
      const reader = { language, timeZone: 'Europe/Berlin' };
      const [full, bare] = [true, false].map((withUnsure) =>
        composeNotice(occasion, factsFor(template, withUnsure) as never, version, reader, handlebarsTemplates),
      );
      expect(full?.language).toBe(language);
      for (const [name, type] of Object.entries(factTypesOf(occasion))) {
        if (type === 'text' || type === 'text?' || type === 'link?') expect(`${full?.subject} ${full?.text}`).toContain(`«${name}»`);
      }
      for (const words of [full, bare]) expect(`${words?.subject}\n${words?.text}`).not.toMatch(/[{}]|\n\n\n|undefined|null|NaN|Invalid/);
    }
  });

  it('ask the reporter with links, which are put in when it is sent', () => {
    const version = { version: 3, effectiveFrom: '2026-01-01T00:00:00Z', definition: DEFAULT_NOTICE_TEMPLATES.resolved };
    const notice = composeNotice(
      'resolved',
      {
        ...{ incidentId: 'INC0000123', title: 'Card terminals decline every payment', resolvedAt: '2026-01-05T10:52:00Z' },
        ...{ notes: 'Rule 4711 has the range of the Leuven store again.', ...CONFIRMATION_PLACEHOLDERS },
        linksWorkUntil: '2026-01-12T10:52:00Z',
      },
      version,
      { language: 'de-AT', timeZone: 'Europe/Vienna' },
      handlebarsTemplates,
    );
    expect(notice).toMatchObject({
      templateVersion: 3,
      language: 'de',
      subject: 'Funktioniert es wieder? INC0000123 Card terminals decline every payment',
    });
    expect(notice.html).toBeUndefined();
    expect(notice.text).toContain('Es funktioniert wieder:\nurn:faultline:confirm\n\nEs funktioniert nicht:\nurn:faultline:reject\n');
    const sent = withLinks(notice, { confirm: 'https://desk.example.org/a?t=1', reject: 'https://desk.example.org/a?t=2' });
    expect(sent.text).toContain(
      'Es funktioniert wieder:\nhttps://desk.example.org/a?t=1\n\nEs funktioniert nicht:\nhttps://desk.example.org/a?t=2\n',
    );
  });
});

describe('a template of a site', () => {
  const template = {
    name: 'Closed, in short',
    occasion: 'closed',
    defaultLanguage: 'en',
    texts: { en: { subject: 'Closed: {{incidentId}}', text: '{{title}}', html: '<p>{{titel}}</p>\n{{{title}}}' } },
  };

  it('is told where its sources are wrong', () => {
    const refused = () => parseNoticeTemplate(template, handlebarsTemplates);
    expect(refused).toThrow(expect.objectContaining({ code: 'TEMPLATE_INVALID' }));
    try {
      refused();
    } catch (error) {
      expect((error as InvalidInput).faults).toEqual([
        { field: 'texts.en.html', message: expect.stringMatching(/^line 1: "titel" is no fact of this occasion/) },
        { field: 'texts.en.html', message: expect.stringMatching(/^line 2: three braces/) },
      ]);
    }
  });

  it('words a long notice in bounds, and leaves out an HTML part that would be cut', () => {
    const definition = {
      ...template,
      texts: { en: { subject: '{{title}}\r\n{{title}}', text: '{{title}}'.repeat(100), html: '<p>{{title}}</p>'.repeat(100) } },
    };
    const version = { version: 1, effectiveFrom: '2026-01-01T00:00:00Z', definition: parseNoticeTemplate(definition, handlebarsTemplates) };
    const facts = { incidentId: 'INC0000123', closedAt: '2026-01-05T10:52:00Z', title: 'x'.repeat(1_100) };
    const notice = composeNotice('closed', facts, version, { language: 'en', timeZone: 'UTC' }, handlebarsTemplates);
    expect([notice.subject.length, notice.text.length, notice.html]).toEqual([NOTICE_LIMITS.subject, NOTICE_LIMITS.text, undefined]);
    expect(notice.subject).toMatch(/^x+…$/);
  });
});
