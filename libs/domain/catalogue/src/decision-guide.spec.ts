import { describe, expect, it } from '@jest/globals';
import { refusalOf } from '#testing';
import { checkCategory } from './category.js';
import { walk, type DecisionGuide } from './decision-guide.js';
import { DEFAULT_TAXONOMY } from './default-taxonomy.js';
import { parseTaxonomy } from './taxonomy.js';

const question = (id: string, answers: Record<string, object>) => ({
  id,
  text: `Is it ${id}?`,
  answers: Object.entries(answers).map(([text, leadsTo]) => ({ text, leadsTo })),
});
const NETWORK = { category: 'Network', subcategory: 'VPN' };
const OTHER = { category: 'Other' };
const QUESTIONS = [
  question('a', { yes: { question: 'b' }, no: { question: 'c' } }),
  question('b', { yes: NETWORK, no: { question: 'c' } }),
  question('c', { yes: NETWORK, no: OTHER }),
];

const withGuide = (...questions: object[]) =>
  parseTaxonomy({
    categories: [{ name: 'Network', subcategories: [{ name: 'VPN' }] }, { name: 'Fax', retired: true }, { name: 'Other' }],
    other: 'Other',
    guide: { questions },
  });
const guide = withGuide(...QUESTIONS).guide as DecisionGuide;

describe('walking through the guide', () => {
  it('begins with the first question, and goes on to the next', () => {
    expect(walk(guide, [])).toEqual({ question: QUESTIONS[0] });
    expect(walk(guide, ['no'])).toEqual({ question: QUESTIONS[2] });
  });
  it('ends at a category', () => {
    expect(walk(guide, ['yes', 'yes'])).toEqual({ category: 'Network', subcategory: 'VPN' });
    expect(walk(guide, ['yes', 'no', 'no'])).toEqual({ category: 'Other', subcategory: null });
  });
  it('takes the answers that there are', () => {
    expect(refusalOf(() => walk(guide, ['yes', 'maybe']))).toEqual(['ANSWER_UNKNOWN', 'answers[1] is one of "yes", "no", to "Is it b?"']);
    expect(refusalOf(() => walk(guide, ['no', 'no', 'no']))).toEqual([
      'ANSWER_NOT_ASKED',
      'answers[2] is left out: the one before has led to category Other',
    ]);
  });

  it('ends on every path of the default guide, at a category that can be chosen', () => {
    const { guide: defaults, categories } = DEFAULT_TAXONOMY;
    const reached: string[] = [];
    const follow = (answers: readonly string[]): void => {
      const next = walk(defaults as DecisionGuide, answers);
      if ('question' in next) return next.question.answers.forEach(({ text }) => follow([...answers, text]));
      checkCategory({ categories }, next.category, next.subcategory);
      expect(answers.length).toBeLessThanOrEqual(3);
      reached.push(next.category);
    };
    follow([]);
    expect(new Set(reached)).toEqual(new Set(categories.map(({ name }) => name)));
  });
});

describe('a guide', () => {
  it.each([
    ['without questions', [], ['guide.questions is a list of 1 to 50']],
    ['with a question that has no answers', [question('a', {})], ['guide.questions[0].answers is a list of 1 to 12']],
    [
      'whose answer leads nowhere',
      [{ ...question('a', {}), answers: [{ text: 'yes' }] }],
      ['guide.questions[0].answers[0].leadsTo has category, subcategory'],
    ],
    [
      'whose answer leads to both',
      [question('a', { yes: { question: 'b', category: 'Other' } }), question('b', { no: OTHER })],
      ['guide.questions[0].answers[0].leadsTo.category is not known here: there is question'],
    ],
    [
      'that goes round in circles',
      [question('a', { yes: { question: 'b' } }), question('b', { yes: { question: 'a' }, no: OTHER })],
      ['guide.questions[1].answers[0].leadsTo.question is none: questions further down, so that every path ends'],
    ],
    [
      'that asks the same again at once',
      [question('a', { yes: { question: 'a' }, no: { question: 'b' } }), question('b', { no: OTHER })],
      ['guide.questions[0].answers[0].leadsTo.question is one of b: questions further down, so that every path ends'],
    ],
    [
      'whose answer leads to a question that is not there',
      [question('a', { yes: { question: 'z' }, no: { question: 'b' } }), question('b', { no: OTHER })],
      ['guide.questions[0].answers[0].leadsTo.question is one of b: questions further down, so that every path ends'],
    ],
    [
      'with a question that nobody comes to',
      [question('a', { yes: OTHER }), question('b', { no: OTHER })],
      ['guide.questions[1] is never asked: no answer further up leads to it'],
    ],
    [
      'with a question that nobody comes to, beside one that is asked',
      [question('a', { yes: { question: 'c' }, no: OTHER }), question('b', { no: OTHER }), question('c', { no: OTHER })],
      ['guide.questions[1] is never asked: no answer further up leads to it'],
    ],
    [
      'that leads to categories that cannot be chosen',
      [question('a', { yes: { category: 'Fax' }, no: { category: 'Network', subcategory: 'LAN' } })],
      [
        'guide.questions[0].answers[0].leadsTo.category Fax is retired: it is one of Network, Other',
        'guide.questions[0].answers[1].leadsTo.subcategory LAN is not known: it is one of VPN',
      ],
    ],
    [
      'that says the same twice',
      [
        {
          ...question('a', {}),
          answers: [
            { text: 'yes', leadsTo: { question: 'b' } },
            { text: 'yes', leadsTo: OTHER },
          ],
        },
        question('b', { no: { question: 'b' } }),
        question('b', { no: OTHER }),
      ],
      ['guide.questions[0].answers[1].text repeats yes', 'guide.questions[2].id repeats b'],
    ],
  ])('%s is none', (_, questions, faults) => expect(refusalOf(() => withGuide(...questions))).toEqual(['TAXONOMY_INVALID', ...faults]));
});
