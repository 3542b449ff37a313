import type { Version } from '#kernel';
import { NOTICE_LIMITS } from './limits.js';
import type { NoticeDataOf } from './notice.js';
import { factTypesOf, type FactsOf, type Occasion } from './occasions.js';
import type { NoticeTemplate, TemplateLanguage, TemplateText } from './template.js';

/** The words of a notice, and where they come from. */
export type ComposedNotice = Readonly<Pick<NoticeDataOf<'NoticeQueued'>, 'templateVersion' | 'language' | 'subject' | 'text' | 'html'>>;

/** A template's words for a reader: in their language, else in that of no country (`de` for `de-CH`), else in its default one. */
export const wordsFor = (
  { texts, defaultLanguage }: NoticeTemplate,
  wanted: string,
): Readonly<{ language: string; words: TemplateText }> => {
  const language = [wanted, wanted.split('-')[0] as string].find((tag) => Object.hasOwn(texts, tag)) ?? defaultLanguage;
  return { language, words: texts[language] as TemplateText };
};

const CUT = '…';
const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - CUT.length)}${CUT}` : text);
const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

/**
 * Words a notice. A subject is one line; what is too long is cut, and an HTML part that would be cut is left out, for half of one is none.
 * @throws RangeError when the template is of another occasion
 */
export const composeNotice = <Name extends Occasion>(
  occasion: Name,
  facts: FactsOf<Name>,
  { version, definition }: Version<NoticeTemplate>,
  reader: Readonly<{ language: string; timeZone: string }>,
  templates: TemplateLanguage,
): ComposedNotice => {
  if (definition.occasion !== occasion) throw new RangeError(`A template of ${definition.occasion} words no notice of ${occasion}`);
  const { language, words } = wordsFor(definition, reader.language);
  const given = facts as Readonly<Record<string, string | number | null | undefined>>;
  const values = Object.fromEntries(Object.keys(factTypesOf(occasion)).map((name) => [name, given[name] ?? null]));
  const style = { language, timeZone: reader.timeZone };
  const render = (source: string, html: boolean) => templates.render(source, values, { ...style, html });

  const html = words.html === undefined ? undefined : render(words.html, true);
  return {
    templateVersion: version,
    language,
    subject: cut(oneLine(render(words.subject, false)), NOTICE_LIMITS.subject),
    text: cut(render(words.text, false).trim(), NOTICE_LIMITS.text),
    ...(html !== undefined && html.length <= NOTICE_LIMITS.html && { html }),
  };
};
