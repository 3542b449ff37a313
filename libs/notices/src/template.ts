import { effectiveDated, eventCatalogue, type DefinitionEvent, type FieldFault } from '#kernel';
import { faultsOfStrangers, faultsOfText, isLanguage, isRecord, LANGUAGE_EXPECTED, refuseFaulty } from './faults.js';
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

/** The language that templates are written in, and what renders it: `libs/templates` has it. */
export interface TemplateLanguage {
  /** What is wrong with a source, line by line, and what would be right. Without faults, it renders whatever these facts are. */
  faultsOf(source: string, facts: FactTypes): readonly string[];
  /** The text that a faultless source gives; what is `null` is not known. */
  render(source: string, facts: Readonly<Record<string, string | number | null>>, style: RenderStyle): string;
}

const FIELDS = ['subject', 'text', 'html'] as const;

const faultsOfWords = (at: string, text: unknown, facts: FactTypes | undefined, language: TemplateLanguage): FieldFault[] => {
  if (!isRecord(text)) return [{ field: at, message: 'has a subject and a text' }];
  const faults = faultsOfStrangers(at, text, FIELDS);
  for (const name of FIELDS) {
    const [field, source] = [`${at}.${name}`, text[name]];
    if (name === 'html' && source === undefined) continue;
    const faultsOfSource = faultsOfText(field, source, TEMPLATE_LIMITS[name]);
    faults.push(...faultsOfSource);
    if (faultsOfSource.length > 0 || !facts) continue;
    faults.push(...language.faultsOf(source as string, facts).map((message) => ({ field, message })));
  }
  return faults;
};

/**
 * A template from a request or a file.
 * @throws InvalidInput TEMPLATE_INVALID, with every fault; those of a source name their line
 */
export const parseNoticeTemplate = (input: unknown, language: TemplateLanguage): NoticeTemplate => {
  const given = isRecord(input) ? input : {};
  const { name, occasion, defaultLanguage, texts } = given;
  const facts = OCCASION_NAMES.includes(occasion as Occasion) ? factTypesOf(occasion as Occasion) : undefined;
  const byLanguage = isRecord(texts) ? Object.entries(texts) : [];
  const faults: FieldFault[] = [
    ...faultsOfStrangers('', given, ['name', 'occasion', 'defaultLanguage', 'texts']),
    ...faultsOfText('name', name, TEMPLATE_LIMITS.nameLength),
    ...(facts ? [] : [{ field: 'occasion', message: `is one of ${OCCASION_NAMES.join(', ')}` }]),
    ...(isRecord(texts) && byLanguage.length <= TEMPLATE_LIMITS.languages
      ? []
      : [{ field: 'texts', message: `has up to ${TEMPLATE_LIMITS.languages} languages, each with a subject and a text` }]),
    ...(byLanguage.some(([tag]) => tag === defaultLanguage)
      ? []
      : [{ field: 'defaultLanguage', message: 'is one of the languages of texts' }]),
  ];
  for (const [tag, text] of byLanguage.slice(0, TEMPLATE_LIMITS.languages)) {
    if (!isLanguage(tag)) faults.push({ field: `texts.${tag}`, message: LANGUAGE_EXPECTED });
    faults.push(...faultsOfWords(`texts.${tag}`, text, facts, language));
  }
  refuseFaulty('TEMPLATE_INVALID', 'This is no template of notices', faults);
  return structuredClone({ name, occasion, defaultLanguage, texts }) as NoticeTemplate;
};
