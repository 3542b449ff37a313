import type { RateFigure } from '#projections';
import { flag, instant, list, name, named, nullable, number, object, position, text, whole, type FieldsOf } from '../schemas/schema.js';
import type { OtherShare } from './get-other-share.js';
import type { ShownGuidance } from './walk-guide.js';

const taxonomy = name('The taxonomy that answers, and its version.', 'taxonomy@1');

type GuidanceAnswer = ShownGuidance & Readonly<{ position: string }>;

export const GUIDANCE = named<GuidanceAnswer>(
  'Guidance',
  object<GuidanceAnswer>(
    {
      position: position('Up to where in the log this is so.'),
      taxonomy,
      effectiveFrom: instant('From when on that version holds.'),
      question: nullable(
        object<NonNullable<ShownGuidance['question']>>(
          {
            id: name(undefined, 'suspicion'),
            text: text(),
            answers: list(text(), 'Send one of them behind those that were given so far.'),
          },
          'What to ask next. Null: the answers have led to a category.',
        ),
      ),
      category: nullable(
        object<NonNullable<ShownGuidance['category']>>(
          { category: name(undefined, 'Network'), subcategory: nullable(name(undefined, 'VPN')) },
          'Where the answers have led. Null: there is a question left.',
        ),
      ),
    },
    'The next question of the decision guide, or the category that it has led to.',
  ),
);

const share: FieldsOf<RateFigure> = {
  numerator: whole(),
  denominator: whole(),
  rate: nullable(number('To 6 decimals; null where the denominator is 0.')),
};

type OtherShareAnswer = OtherShare &
  Readonly<{ position: string; settled: boolean; period: Readonly<{ from: string | null; to: string | null }> }>;

export const OTHER_SHARE = named<OtherShareAnswer>(
  'OtherShare',
  object<OtherShareAnswer>(
    {
      position: position('The place in the log that it was computed at.'),
      settled: flag('false: batches kept being written meanwhile, so that it may show a moment more than the position says.'),
      period: object<OtherShareAnswer['period']>(
        { from: nullable(text('As asked for; inclusive.')), to: nullable(text('As asked for; exclusive.')) },
        'Null where it is unbounded.',
      ),
      taxonomy,
      other: name('Its category for what fits in no other.', 'Other'),
      definition: name('The figure that it is made of, by category.', 'volume@1'),
      counted: object<OtherShare['counted']>({ numerator: text(), denominator: text() }, 'What the two are, in words.'),
      ...share,
      uncategorized: whole('Incidents reported in the period that have no category: they are not counted.'),
      byMonth: list(object<OtherShare['byMonth'][number]>({ month: text(undefined, { example: '2026-01' }), ...share })),
    },
    'How much lies in the category for what fits in no other: when it grows, the others do not fit any more.',
  ),
);
