import { describe, expect, it } from '@jest/globals';
import { faultyFields } from '#testing';
import { composeNotice, wordsFor } from './compose-notice.js';
import { CONFIRMATION_PLACEHOLDERS, withLinks } from './confirmation-links.js';
import { parseNoticeTemplate, TEMPLATE_LIMITS, type TemplateLanguage } from './template.js';

/** A language of templates in which `$name` is a fact, and nothing else is anything. */
const dollars: TemplateLanguage = {
  faultsOf: (source, facts) =>
    [...source.matchAll(/\$(\w+)/g)]
      .filter(([, name]) => !Object.hasOwn(facts, name as string))
      .map(([said]) => `line 1: ${said} is no fact`),
  render: (source, facts, { html }) => source.replace(/\$(\w+)/g, (_, name: string) => `${html ? '&' : ''}${facts[name] ?? 'unknown'}`),
};

const closed = {
  name: 'Closed',
  occasion: 'closed',
  defaultLanguage: 'en',
  texts: {
    en: { subject: 'Closed:\r\n  $incidentId\n', text: ' $title, $priority\n', html: '<p>$title</p>' },
    de: { subject: 'Geschlossen: $incidentId', text: '$title' },
  },
};

describe('a template that is none', () => {
  const faults = (input: object) => faultyFields('TEMPLATE_INVALID', () => parseNoticeTemplate({ ...closed, ...input }, dollars));
  const inEnglish = (text: object) => ({ texts: { en: { subject: 's', text: 't', ...text } } });

  it.each<[object, string[]]>([
    [{}, []],
    [{ name: ' ' }, ['name']],
    [{ occasion: 'birthday' }, ['occasion']],
    [{ occasion: 'toString' }, ['occasion']],
    [{ defaultLanguage: 'fr' }, ['defaultLanguage']],
    [{ texts: {} }, ['defaultLanguage']],
    [{ texts: [] }, ['texts', 'defaultLanguage']],
    [{ texts: { en: 'Closed' } }, ['texts.en']],
    [{ texts: { ...closed.texts, German: closed.texts.de } }, ['texts.German']],
    [inEnglish({ subject: '' }), ['texts.en.subject']],
    [inEnglish({ text: 'x'.repeat(TEMPLATE_LIMITS.text + 1) }), ['texts.en.text']],
    [inEnglish({ html: 7 }), ['texts.en.html']],
    [inEnglish({ footer: 'x' }), ['texts.en.footer']],
    [inEnglish({ subject: '$titel', text: '$titel $team' }), ['texts.en.subject', 'texts.en.text', 'texts.en.text']],
    [{ colour: 'red' }, ['colour']],
  ])('%j is told what is wrong with it', (input, expected) => expect(faults(input)).toEqual(expected));

  it('has not more languages than anybody reads', () => {
    const texts = Object.fromEntries(
      Array.from({ length: 31 }, (_, n) => [`x${String.fromCharCode(97 + (n % 26))}${n < 26 ? '' : 'a'}`, closed.texts.de]),
    );
    expect(faults({ texts: { ...texts, en: closed.texts.en } })).toContain('texts');
  });
});

describe('a notice', () => {
  const version = { version: 4, effectiveFrom: '2026-01-01T00:00:00Z', definition: parseNoticeTemplate(closed, dollars) };
  const facts = { incidentId: 'INC0000123', title: 'Card terminals', closedAt: '2026-01-05T11:00:00Z' };

  it('is worded by the template in its version', () => {
    expect(composeNotice('closed', facts, version, { language: 'en', timeZone: 'UTC' }, dollars)).toEqual({
      ...{ templateVersion: 4, language: 'en', subject: 'Closed: INC0000123' },
      ...{ text: 'Card terminals, unknown', html: '<p>&Card terminals</p>' },
    });
  });

  it.each([
    ['de', 'de'],
    ['de-CH', 'de'],
    ['fr', 'en'],
    ['constructor', 'en'],
  ])('to a reader of %s is in %s', (wanted, language) => expect(wordsFor(version.definition, wanted).language).toBe(language));

  it('is of the occasion of its template', () => {
    expect(() => composeNotice('reopened', facts, version, { language: 'en', timeZone: 'UTC' }, dollars)).toThrow(RangeError);
  });
});

describe('the links of a confirmation', () => {
  const { confirmLink, rejectLink } = CONFIRMATION_PLACEHOLDERS;
  const links = { confirm: "https://desk.example.org/?a=1&t=$&'", reject: 'https://desk.example.org/?a=2' };
  const words = { subject: 'Works?', text: `${confirmLink}\n${rejectLink}`, html: `<a href="${confirmLink}">` };

  it('are put in when it is sent, escaped where it is HTML', () => {
    expect(withLinks(words, links)).toEqual({
      subject: 'Works?',
      text: `${links.confirm}\n${links.reject}`,
      html: '<a href="https://desk.example.org/?a=1&amp;t=$&amp;&#39;">',
    });
  });

  it('make no HTML part where there is none', () => {
    expect(withLinks({ subject: 's', text: 't' }, links)).toEqual({ subject: 's', text: 't' });
  });
});
