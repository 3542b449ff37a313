import { definitionId, isRecord, lineOf, optional, recordOf, setOf, wrongField, type Check, type FieldFault } from '#kernel';
import { faultOfChoice, type Category } from './category.js';
import { CATALOGUE_LIMITS } from './limits.js';

/** Where an answer leads: to another question, or to a category. */
export type GuideTarget = Readonly<{ question: string }> | Readonly<{ category: string; subcategory?: string }>;

export type GuideAnswer = Readonly<{ text: string; leadsTo: GuideTarget }>;

export type GuideQuestion = Readonly<{ id: string; text: string; answers: readonly GuideAnswer[] }>;

/**
 * A few questions that lead to a category. The first one is asked first; answers lead to questions further down, so every path ends, and there
 * is none that nobody comes to.
 */
export type DecisionGuide = Readonly<{ questions: readonly GuideQuestion[] }>;

/** What to ask next, or where the answers have led. */
export type Guidance = Readonly<{ question: GuideQuestion }> | Readonly<{ category: string; subcategory: string | null }>;

const name = lineOf(CATALOGUE_LIMITS.nameLength);
const text = lineOf(CATALOGUE_LIMITS.questionLength);

const target: Check = (value, field) =>
  isRecord(value) && 'question' in value
    ? recordOf<{ question: string }>({ question: definitionId })(value, field)
    : recordOf<{ category: string; subcategory?: string }>({ category: name, subcategory: optional(name) })(value, field);

/** Each part of a guide by itself; `faultsOfPaths` is what they are to each other. */
export const guideCheck: Check = recordOf<DecisionGuide>({
  questions: setOf(
    recordOf<GuideQuestion>({
      id: definitionId,
      text,
      answers: setOf(recordOf<GuideAnswer>({ text, leadsTo: target }), { min: 1, max: CATALOGUE_LIMITS.answers, by: 'text' }),
    }),
    { min: 1, max: CATALOGUE_LIMITS.questions, by: 'id' },
  ),
});

const isAsked = (questions: readonly GuideQuestion[], id: string): boolean =>
  questions.some(({ answers }) => answers.some(({ leadsTo }) => 'question' in leadsTo && leadsTo.question === id));

const faultsOfTarget = (
  field: string,
  leadsTo: GuideTarget,
  below: readonly GuideQuestion[],
  categories: readonly Category[],
): FieldFault[] => {
  if ('question' in leadsTo) {
    const message = `is ${below.length > 0 ? `one of ${below.map(({ id }) => id).join(', ')}` : 'none'}: questions further down, so that every path ends`;
    return below.some(({ id }) => id === leadsTo.question) ? [] : [{ field: `${field}.question`, message }];
  }
  const fault = faultOfChoice(categories, leadsTo.category, leadsTo.subcategory ?? null);
  return fault ? [{ field: `${field}.${fault.field}`, message: fault.message }] : [];
};

/** Answers that lead nowhere, questions that nobody comes to. */
export const faultsOfPaths = ({ questions }: DecisionGuide, categories: readonly Category[]): FieldFault[] =>
  questions.flatMap(({ id, answers }, n): FieldFault[] => {
    const field = `guide.questions[${n}]`;
    const below = questions.slice(n + 1);
    return [
      ...(n === 0 || isAsked(questions.slice(0, n), id) ? [] : [{ field, message: 'is never asked: no answer further up leads to it' }]),
      ...answers.flatMap(({ leadsTo }, m) => faultsOfTarget(`${field}.answers[${m}].leadsTo`, leadsTo, below, categories)),
    ];
  });

/**
 * Goes through the guide with the answers that were given so far, in their own words.
 * @throws InvalidInput ANSWER_UNKNOWN, with those that there are; ANSWER_NOT_ASKED, for one more after a category was reached
 */
export const walk = ({ questions }: DecisionGuide, answers: readonly string[]): Guidance => {
  let question = questions[0] as GuideQuestion;
  for (const [n, given] of answers.entries()) {
    const answer = question.answers.find((each) => each.text === given);
    if (!answer) {
      const known = question.answers.map((each) => `"${each.text}"`).join(', ');
      throw wrongField('ANSWER_UNKNOWN', `answers[${n}]`, `is one of ${known}, to "${question.text}"`);
    }
    const { leadsTo } = answer;
    if ('category' in leadsTo) {
      if (n + 1 < answers.length)
        throw wrongField('ANSWER_NOT_ASKED', `answers[${n + 1}]`, `is left out: the one before has led to category ${leadsTo.category}`);
      return { category: leadsTo.category, subcategory: leadsTo.subcategory ?? null };
    }
    question = questions.find(({ id }) => id === leadsTo.question) as GuideQuestion;
  }
  return { question };
};
