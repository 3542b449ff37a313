import { versionAt, type Version } from '#kernel';
import { DEFAULT_NOTICE_TEMPLATES, type NoticeTemplate, type Occasion } from '#notices';
import { NOTICE_TEMPLATES, type SiteDefinitions } from '#site-definitions';

/** The template of an occasion that holds at an instant; `undefined` where the site has none any more: it says nothing on that occasion. */
export const templateOf = (site: SiteDefinitions, occasion: Occasion, now: string): Version<NoticeTemplate> | undefined => {
  const dated = site.one(NOTICE_TEMPLATES, occasion);
  return dated ? versionAt(dated, now) : { version: 0, effectiveFrom: now, definition: DEFAULT_NOTICE_TEMPLATES[occasion] };
};
