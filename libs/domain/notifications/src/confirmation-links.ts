import type { NoticeDataOf } from './notice.js';

/**
 * What stands in a notice for the links by which a reporter answers. Whoever holds such a link can answer in the reporter's name, so the log
 * does not: it holds these, and the links are made and put in when the notice is sent.
 */
export const CONFIRMATION_PLACEHOLDERS = { confirmLink: 'urn:faultline:confirm', rejectLink: 'urn:faultline:reject' } as const;

type Words = Pick<NoticeDataOf<'NoticeQueued'>, 'subject' | 'text' | 'html'>;

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (url: string) => url.replace(/[&<>"']/g, (character) => ESCAPED[character] as string);

/** The words with the links in place. */
export const withLinks = <W extends Words>(words: W, links: Readonly<{ confirm: string; reject: string }>): W => {
  const { confirmLink, rejectLink } = CONFIRMATION_PLACEHOLDERS;
  const filled = (text: string, { confirm, reject } = links) =>
    // given as functions: in a replacement text, `$&` and the like mean something
    text.replaceAll(confirmLink, () => confirm).replaceAll(rejectLink, () => reject);
  return {
    ...words,
    text: filled(words.text),
    ...(words.html !== undefined && {
      html: filled(words.html, { confirm: escaped(links.confirm), reject: escaped(links.reject) }),
    }),
  };
};
