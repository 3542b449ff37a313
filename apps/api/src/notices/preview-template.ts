import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { IllegalTransition, wrongField, type Version } from '#kernel';
import {
  composeNotice,
  exampleFacts,
  LANGUAGE_TAG,
  OCCASION_NAMES,
  parseNoticeTemplate,
  TEMPLATE_LIMITS,
  templateInForce,
  type FactsOf,
  type NoticeTemplate,
  type Occasion,
} from '#domain/notifications';
import { zoneOf } from '#domain/local-time';
import { NOTICE_TEMPLATES } from '#domain/definitions';
import { NameField, NestedField, NestedObjectField, OneOfField, PatternField, TextField } from '../http/fields.js';
import { withFieldsNamed } from '../http/renamed-faults.js';
import { API_OPTIONS, type ApiOptions } from '../options.js';

class DraftDto {
  @TextField({ maxLength: TEMPLATE_LIMITS.subject })
  subject!: string;

  @TextField({ maxLength: TEMPLATE_LIMITS.text })
  text!: string;

  @TextField({ maxLength: TEMPLATE_LIMITS.html, optional: true })
  html?: string;
}

export class PreviewTemplateDto {
  @OneOfField(OCCASION_NAMES, { example: 'resolved' })
  occasion!: Occasion;

  @PatternField(LANGUAGE_TAG, 'a language, perhaps of a country: as en, de or de-CH', {
    optional: true,
    description: 'In which it is read, and the draft is written; `en`, when nothing is said.',
    example: 'en',
  })
  language?: string;

  @NameField({ optional: true, description: 'IANA: whose wall clock its times are of; `UTC`, when nothing is said.', example: 'UTC' })
  timeZone?: string;

  @NestedField(() => DraftDto, { optional: true, description: 'Words that are tried; the template in force, when nothing is said.' })
  draft?: DraftDto;

  @NestedObjectField({
    optional: true,
    description: 'Facts in the place of the example’s, by name; null: not known. What facts an occasion has, docs/notices.md says.',
  })
  facts?: Record<string, unknown>;
}

/** Words as somebody would get them. */
export type Preview = Readonly<{
  occasion: Occasion;
  /** 0: the one that comes with the program; `null`: of the draft. */
  templateVersion: number | null;
  language: string;
  subject: string;
  text: string;
  html: string | null;
  facts: Readonly<Record<string, string | number | null>>;
}>;

/** What a template makes of facts, whether it is in force or only a draft. Nothing is kept. */
export class PreviewTemplate extends Query<Preview> {
  constructor(
    readonly body: PreviewTemplateDto,
    readonly now: string,
  ) {
    super();
  }
}

@QueryHandler(PreviewTemplate)
export class PreviewTemplateHandler implements IQueryHandler<PreviewTemplate> {
  constructor(@Inject(API_OPTIONS) private readonly options: ApiOptions) {}

  /** @throws InvalidInput TEMPLATE_INVALID, FACTS_INVALID, REQUEST_INVALID; IllegalTransition TEMPLATE_NOT_IN_USE */
  async execute({ body, now }: PreviewTemplate): Promise<Preview> {
    const { occasion, draft, language = 'en', timeZone = 'UTC' } = body;
    if (!zoneOf(timeZone)) throw wrongField('REQUEST_INVALID', 'timeZone', 'must be an IANA time zone, such as Europe/Brussels');
    const facts = withFieldsNamed(
      (field) => `facts.${field}`,
      () => exampleFacts(occasion, body.facts),
    );
    const template = draft ? this.#draft(occasion, language, draft) : await this.#inForce(occasion, now);
    const words = composeNotice(occasion, facts as FactsOf<Occasion>, template, { language, timeZone }, this.options.templates);
    const { subject, text, html = null } = words;
    return {
      occasion,
      templateVersion: draft ? null : words.templateVersion,
      language: words.language,
      ...{ subject, text, html },
      facts: facts as Preview['facts'],
    };
  }

  #draft(occasion: Occasion, language: string, { subject, text, html }: DraftDto): Version<NoticeTemplate> {
    const texts = { [language]: { subject, text, ...(html !== undefined && { html }) } };
    const definition = withFieldsNamed(
      (field) => field.replace(`texts.${language}`, 'draft'),
      () => parseNoticeTemplate({ name: 'Draft', occasion, defaultLanguage: language, texts }, this.options.templates),
    );
    return { version: 0, effectiveFrom: '', definition };
  }

  async #inForce(occasion: Occasion, now: string): Promise<Version<NoticeTemplate>> {
    const { site } = this.options;
    await site.refresh();
    const template = templateInForce(occasion, site.one(NOTICE_TEMPLATES, occasion), now);
    if (template) return template;
    throw new IllegalTransition('TEMPLATE_NOT_IN_USE', `Nothing is sent on occasion ${occasion}: its template was taken out of use`);
  }
}
