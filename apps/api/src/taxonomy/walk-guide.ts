import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { CATALOGUE_LIMITS, walk } from '#domain/catalogue';
import { NotFound } from '#kernel';
import { TAXONOMIES } from '#domain/definitions';
import { InstantField, LinesField } from '../http/fields.js';
import type { Found } from '../http/page-answer.js';
import { API_OPTIONS, type ApiOptions } from '../options.js';
import { taxonomyAt, taxonomyName } from './taxonomy-in-force.js';

export class WalkGuideDto {
  @LinesField(
    { min: 1, max: CATALOGUE_LIMITS.questionLength },
    {
      optional: true,
      description: 'The answers that were given so far, in order, in the words of the guide; none, for the first question.',
    },
  )
  answers?: string[];

  @InstantField({ optional: true, description: 'By the guide that holds at this instant; now, when nothing is said.' })
  at?: string;
}

export const WALK_GUIDE_EXAMPLE: WalkGuideDto = { answers: [] };

/** What to ask next, or where the answers have led: one of the two is null. */
export type ShownGuidance = Readonly<{
  taxonomy: string;
  effectiveFrom: string;
  question: Readonly<{ id: string; text: string; answers: readonly string[] }> | null;
  category: Readonly<{ category: string; subcategory: string | null }> | null;
}>;

/** The decision guide, with the answers that were given so far. */
export class WalkGuide extends Query<Found<ShownGuidance>> {
  constructor(
    readonly answers: readonly string[],
    /** ISO 8601, UTC. */
    readonly at: string,
  ) {
    super();
  }
}

@QueryHandler(WalkGuide)
export class WalkGuideHandler implements IQueryHandler<WalkGuide> {
  constructor(@Inject(API_OPTIONS) private readonly options: ApiOptions) {}

  /** @throws NotFound DEFINITION_NOT_FOUND, GUIDE_NOT_FOUND; InvalidInput ANSWER_UNKNOWN, ANSWER_NOT_ASKED */
  async execute({ answers, at }: WalkGuide): Promise<Found<ShownGuidance>> {
    const { site } = this.options;
    await site.refresh();
    const inForce = taxonomyAt(site, at);
    const { guide } = inForce.definition;
    if (!guide) throw new NotFound('GUIDE_NOT_FOUND', `${taxonomyName(inForce)} has no decision guide: choose one of its categories`);
    const position = site.changedAt([TAXONOMIES]);
    const found = walk(guide, answers);
    const by = { taxonomy: taxonomyName(inForce), effectiveFrom: inForce.effectiveFrom };
    if (!('question' in found)) return { value: { ...by, question: null, category: found }, position };
    const { id, text, answers: possible } = found.question;
    return { value: { ...by, question: { id, text, answers: possible.map((each) => each.text) }, category: null }, position };
  }
}
