import type { Place } from './confirmation.js';

/** What a page is about: where a link leads, or why nothing came of an answer. */
export type Outcome = Place | 'unavailable' | 'failed';

/** A page in words: its heading, and what follows it, a paragraph each. In the language of templates: facts may stand in them. */
type Words = Readonly<{ heading: string; says: readonly string[] }>;

/** Everything that pages say in one language. */
export type Language = Readonly<{
  pages: Readonly<Record<Outcome, Words>>;
  about: string;
  resolution: string;
  works: string;
  worksNot: string;
  reason: string;
  reasonWanted: string;
}>;

const en: Language = {
  about: 'Your incident',
  resolution: 'How it was resolved',
  works: 'Yes, it works again',
  worksNot: 'No, open it again',
  reason: 'What does not work?',
  reasonWanted: 'Say in a few words what does not work, in up to {{reasonLimit}} characters.',
  pages: {
    asked: {
      heading: 'Does it work again?',
      says: ['{{#if resolvedAt}}We resolved it on {{date resolvedAt}}. {{/if}}Nothing happens until you press one of the two buttons.'],
    },
    'reason-wanted': { heading: 'What does not work?', says: ['Nothing has happened yet: we need a word about it first.'] },
    confirmed: {
      heading: 'You have confirmed that it works again',
      says: ['Thank you. There is nothing more to do.'],
    },
    rejected: { heading: 'It is open again', says: ['Thank you for telling us. Somebody takes it up again; what you wrote is with it.'] },
    closed: {
      heading: 'It is closed already',
      says: [
        '{{#if closedAt}}It was closed on {{date closedAt}}. {{/if}}This link does nothing any more. If it does not work, tell the service desk.',
      ],
    },
    'moved-on': {
      heading: 'This link was used, or is not the latest',
      says: [
        'The incident was opened again, or resolved anew, since this message was sent.',
        'If you have a later message about it, take the link from there; else ask the service desk.',
      ],
    },
    invalid: {
      heading: 'This link is not whole',
      says: ['It is none of ours, or only a part of one. Take it whole from the message: some programs break long links over two lines.'],
    },
    expired: {
      heading: 'This link does not work any more',
      says: ['It worked for a while only, and that is over. If something does not work, tell the service desk.'],
    },
    unavailable: {
      heading: 'This did not go through',
      says: ['Nothing was recorded for sure. Try again in a minute: your link still works.'],
    },
    failed: { heading: 'Something went wrong on our side', says: ['Try again later. If it stays so, tell the service desk.'] },
  },
};

const de: Language = {
  about: 'Ihre Störung',
  resolution: 'Wie sie behoben wurde',
  works: 'Ja, es funktioniert wieder',
  worksNot: 'Nein, wieder öffnen',
  reason: 'Was funktioniert nicht?',
  reasonWanted: 'Sagen Sie in wenigen Worten, was nicht funktioniert, mit höchstens {{reasonLimit}} Zeichen.',
  pages: {
    asked: {
      heading: 'Funktioniert es wieder?',
      says: [
        '{{#if resolvedAt}}Wir haben sie am {{date resolvedAt}} behoben. {{/if}}Es geschieht nichts, bevor Sie auf einen der beiden Knöpfe drücken.',
      ],
    },
    'reason-wanted': { heading: 'Was funktioniert nicht?', says: ['Es ist noch nichts geschehen: Wir brauchen erst ein Wort dazu.'] },
    confirmed: { heading: 'Sie haben bestätigt, dass es wieder funktioniert', says: ['Danke. Mehr ist nicht zu tun.'] },
    rejected: {
      heading: 'Sie ist wieder offen',
      says: ['Danke für Ihre Nachricht. Jemand kümmert sich wieder darum; was Sie geschrieben haben, steht dabei.'],
    },
    closed: {
      heading: 'Sie ist schon geschlossen',
      says: [
        '{{#if closedAt}}Sie wurde am {{date closedAt}} geschlossen. {{/if}}Dieser Link bewirkt nichts mehr. Wenn etwas nicht funktioniert, wenden Sie sich an den Service-Desk.',
      ],
    },
    'moved-on': {
      heading: 'Dieser Link wurde benutzt oder ist nicht der neueste',
      says: [
        'Die Störung wurde wieder geöffnet oder erneut behoben, seit diese Nachricht kam.',
        'Wenn Sie eine spätere Nachricht dazu haben, nehmen Sie den Link von dort; sonst fragen Sie den Service-Desk.',
      ],
    },
    invalid: {
      heading: 'Dieser Link ist nicht vollständig',
      says: [
        'Er ist nicht von uns oder nur ein Teil von einem. Nehmen Sie ihn ganz aus der Nachricht: Manche Programme brechen lange Links um.',
      ],
    },
    expired: {
      heading: 'Dieser Link gilt nicht mehr',
      says: ['Er galt nur eine Weile, und die ist vorbei. Wenn etwas nicht funktioniert, wenden Sie sich an den Service-Desk.'],
    },
    unavailable: {
      heading: 'Das hat nicht geklappt',
      says: ['Es ist nicht sicher, dass etwas festgehalten wurde. Versuchen Sie es in einer Minute noch einmal: Ihr Link gilt weiter.'],
    },
    failed: {
      heading: 'Bei uns ist etwas schiefgegangen',
      says: ['Versuchen Sie es später noch einmal. Wenn es so bleibt, wenden Sie sich an den Service-Desk.'],
    },
  },
};

/** The languages of pages, as those of the notices that come with the program; the first one is for everybody else. */
export const LANGUAGES = { en, de } as const satisfies Readonly<Record<string, Language>>;
export type LanguageTag = keyof typeof LANGUAGES;

/** The language to answer in: of those that a browser asks for, in their order, the first one that there is. */
export const languageFor = (acceptLanguage: string | undefined): LanguageTag => {
  const wanted = (acceptLanguage ?? '').split(',').map((range) => range.trim().slice(0, 2).toLowerCase());
  return wanted.find((tag): tag is LanguageTag => Object.hasOwn(LANGUAGES, tag)) ?? 'en';
};
