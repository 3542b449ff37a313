import { describe, expect, it } from '@jest/globals';
import { handlebarsTemplates } from '#adapters/templates';
import { confirmationPage, pageSources } from './confirmation-page.js';
import { languageFor, LANGUAGES, type LanguageTag, type Outcome } from './confirmation-words.js';

const shown = { language: 'en', timeZone: 'UTC' } as const;

describe('the pages behind a reporter’s links', () => {
  it('are written in the language of templates without fault, so they can be shown whatever is known', () => {
    expect(pageSources().flatMap(({ source, facts }) => handlebarsTemplates.faultsOf(source, facts))).toEqual([]);
  });

  it('have a language, a heading, and no script nor anything from elsewhere', () => {
    for (const language of Object.keys(LANGUAGES) as LanguageTag[]) {
      for (const is of Object.keys(LANGUAGES[language].pages) as Outcome[]) {
        const page = confirmationPage({ is }, { ...shown, language }, handlebarsTemplates);
        expect(page).toContain(`<html lang="${language}">`);
        expect(page.match(/<h1>[^<{]+<\/h1>/g)).toHaveLength(1);
        expect(page).not.toMatch(/<script|<link|<img|src=|https?:|@import|url\(|\{\{/);
      }
    }
  });

  it('come in the first language that a browser asks for and there is', () => {
    expect([undefined, '', 'fr', 'fr, de-CH;q=0.8, en', 'en-US,en;q=0.9,de;q=0.8', '__proto__', 'constructor'].map(languageFor)).toEqual([
      ...['en', 'en', 'en', 'de', 'en', 'en', 'en'],
    ]);
  });
});
