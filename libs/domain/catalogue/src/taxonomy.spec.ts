import { describe, expect, it } from '@jest/globals';
import { faultyFields, refusalOf } from '#testing';
import { checkCategory } from './category.js';
import { DEFAULT_TAXONOMY } from './default-taxonomy.js';
import { otherShare, parseTaxonomy } from './taxonomy.js';

const CATEGORIES = [
  { name: 'Network', subcategories: [{ name: 'VPN' }, { name: 'ISDN', retired: true }] },
  { name: 'Fax', retired: true, subcategories: [{ name: 'Paper jam' }] },
  { name: 'Other' },
];
const taxonomy = parseTaxonomy({ categories: CATEGORIES, other: 'Other' });

const faultsOf = (more: object): string[] =>
  faultyFields('TAXONOMY_INVALID', () => parseTaxonomy({ categories: CATEGORIES, other: 'Other', ...more }));

describe('a taxonomy', () => {
  it('is taken as it is, the default one too', () => {
    expect(taxonomy).toEqual({ categories: CATEGORIES, other: 'Other' });
    expect(parseTaxonomy(DEFAULT_TAXONOMY)).toEqual(DEFAULT_TAXONOMY);
  });
  it.each([
    [{ categories: [] }, ['categories']],
    [{ categories: [{ name: 'Other' }, { name: 'OTHER' }] }, ['categories[1].name']],
    [{ categories: [{ name: 'Other', subcategories: [{ name: 'a' }, { name: 'A' }] }] }, ['categories[0].subcategories[1].name']],
    [{ categories: [{ name: 'Other', retired: false }] }, ['categories[0].retired']],
    [{ categories: [{ name: ' Other', parent: 'None' }] }, ['categories[0].parent', 'categories[0].name']],
    [{ other: 'Misc' }, ['other']],
    [{ other: 'Fax' }, ['other']],
    [{ other: undefined, colour: 'red' }, ['colour', 'other']],
  ])('%j is told what is wrong with it', (more, expected) => expect(faultsOf(more)).toEqual(expected));
  it('may have the same subcategory below two categories', () =>
    expect(faultsOf({ categories: ['Other', 'Network'].map((name) => ({ name, subcategories: [{ name: 'Cable' }] })) })).toEqual([]));
});

describe('a new categorization', () => {
  it.each([
    ['Network', 'VPN'],
    ['Network', null],
    ['Other', null],
  ])('may be %s, %s', (category, subcategory) => expect(refusalOf(() => checkCategory(taxonomy, category, subcategory))).toEqual([]));
  it.each([
    ['Netwrk', null, 'CATEGORY_UNKNOWN', 'category Netwrk is not known: it is one of Network, Other'],
    ['network', 'VPN', 'CATEGORY_UNKNOWN', 'category network is not known: it is one of Network, Other'],
    ['Fax', 'Paper jam', 'CATEGORY_RETIRED', 'category Fax is retired: it is one of Network, Other'],
    ['Network', 'ISDN', 'CATEGORY_RETIRED', 'subcategory ISDN is retired: it is one of VPN'],
    ['Network', 'Wi-Fi', 'CATEGORY_UNKNOWN', 'subcategory Wi-Fi is not known: it is one of VPN'],
    ['Other', 'VPN', 'CATEGORY_UNKNOWN', 'subcategory VPN is not known: there is none'],
  ])('may not be %s, %s', (category, subcategory, code, fault) =>
    expect(refusalOf(() => checkCategory(taxonomy, category, subcategory))).toEqual([code, fault]),
  );
});

describe('the share of what fits in no category', () => {
  it('is a rate', () =>
    expect(
      otherShare(
        taxonomy,
        new Map([
          ['Network', 6],
          ['Other', 2],
        ]),
      ),
    ).toEqual({ numerator: 2, denominator: 8, rate: 0.25 }));
  it('is none of nothing', () => expect(otherShare(taxonomy, [])).toEqual({ numerator: 0, denominator: 0, rate: null }));
});
