import {
  andThen,
  effectiveDated,
  eventCatalogue,
  isRecord,
  mapOf,
  matching,
  oneOf,
  optional,
  passing,
  readerOf,
  recordOf,
  textOf,
  type Check,
  type DefinitionEvent,
} from '#kernel';
import { factTypesOf, OCCASION_NAMES, type FactTypes, type Occasion } from './occasions.js';

/** A notice's words in one language, in the language of templates. */
export type TemplateText = Readonly<{ subject: string; text: string; html?: string }>;

/** How a site words its notices of one occasion. */
export type NoticeTemplate = Readonly<{
  name: string;
  occasion: Occasion;
  /** For those whose own language it has not. */
  defaultLanguage: string;
  texts: Readonly<Record<string, TemplateText>>;
}>;

export const TEMPLATE_LIMITS = { nameLength: 200, languages: 30, subject: 500, text: 20_000, html: 50_000 } as const;

/** A template's stream: `template-resolved`. Not below `notice-`: who follows the notices would meet the templates there. */
export const NOTICE_TEMPLATE_STREAM_PREFIX = 'template-';

export type NoticeTemplateEvent = DefinitionEvent<'NoticeTemplate', NoticeTemplate>;

export const noticeTemplateCatalogue = eventCatalogue<NoticeTemplateEvent>({
  NoticeTemplateDefined: { storedName: 'NoticeTemplateDefined' },
  NoticeTemplateRetired: { storedName: 'NoticeTemplateRetired' },
});

/** How templates are defined and retired. */
export const noticeTemplates = effectiveDated<'NoticeTemplate', NoticeTemplate>('NoticeTemplate');

/** What a rendered text is for. */
export type RenderStyle = Readonly<{
  language: string;
  /** IANA: the zone of its times. */
  timeZone: string;
  /** Facts are escaped, so that nothing somebody wrote is markup. */
  html: boolean;
}>;

/** The language that templates are written in, and what renders it: `libs/adapters/templates` has it. */
export interface TemplateLanguage {
  /** What is wrong with a source, line by line, and what would be right. Without faults, it renders whatever these facts are. */
  faultsOf(source: string, facts: FactTypes): readonly string[];
  /** The text that a faultless source gives; what is `null` is not known. */
  render(source: string, facts: Readonly<Record<string, string | number | null>>, style: RenderStyle): string;
}

/** Of the tags of BCP 47, those of a language and perhaps a country. */
export const LANGUAGE_TAG = /^[a-z]{2,3}(-[A-Z]{2})?$/;
const languageTag = matching(LANGUAGE_TAG, 'a language, perhaps of a country: as en, de or de-CH');

/** The words of one language; their sources are looked into once it is known of which occasion they speak. */
const wordsCheck = (facts: FactTypes | undefined, language: TemplateLanguage): Check => {
  const sourceOf = (maxLength: number) =>
    andThen(textOf(maxLength), (source: string, field) =>
      facts ? language.faultsOf(source, facts).map((message) => ({ field, message })) : [],
    );
  return recordOf<TemplateText>({
    subject: sourceOf(TEMPLATE_LIMITS.subject),
    text: sourceOf(TEMPLATE_LIMITS.text),
    html: optional(sourceOf(TEMPLATE_LIMITS.html)),
  });
};

/**
 * A template from a request or a file.
 * @throws InvalidInput TEMPLATE_INVALID, with every fault; those of a source name their line
 */
export const parseNoticeTemplate = (input: unknown, language: TemplateLanguage): NoticeTemplate => {
  const { occasion, texts } = isRecord(input) ? input : {};
  const facts = OCCASION_NAMES.includes(occasion as Occasion) ? factTypesOf(occasion as Occasion) : undefined;
  const isWorded = (tag: unknown) => typeof tag === 'string' && isRecord(texts) && Object.hasOwn(texts, tag);
  return readerOf<NoticeTemplate>({
    code: 'TEMPLATE_INVALID',
    noun: 'template of notices',
    fields: {
      name: textOf(TEMPLATE_LIMITS.nameLength),
      occasion: oneOf(OCCASION_NAMES),
      texts: mapOf(languageTag, wordsCheck(facts, language), { max: TEMPLATE_LIMITS.languages }),
      defaultLanguage: passing(isWorded, 'one of the languages of texts'),
    },
  })(input);
};
