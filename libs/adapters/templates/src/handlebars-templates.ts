import Handlebars from 'handlebars';
import type { RenderStyle, TemplateLanguage } from '#domain/notifications';
import { dateText, durationText } from './formats.js';
import { faultsOfSource } from './grammar.js';

type Renderer = Handlebars.TemplateDelegate<Readonly<Record<string, unknown>>>;

/** Compiled sources that are kept: far more than a site has templates. */
const KEPT = 512;

const compiled = new Map<string, Renderer>();

const rendererOf = (source: string, html: boolean): Renderer => {
  const key = `${html ? 'html' : 'text'} ${source}`;
  let renderer = compiled.get(key);
  if (!renderer) {
    if (compiled.size >= KEPT) compiled.clear();
    const knownHelpers = { date: true, duration: true, if: true, unless: true } as unknown as Record<never, boolean>;
    renderer = Handlebars.compile(source, { strict: true, knownHelpersOnly: true, knownHelpers, noEscape: !html });
    compiled.set(key, renderer);
  }
  return renderer;
};

const helpersFor = ({ language, timeZone }: RenderStyle) => ({
  // Handlebars gives a helper what the template gives it, and its options last
  date: (instant: string, zone: unknown) => dateText(instant, language, typeof zone === 'string' ? zone : timeZone),
  duration: (ms: number) => durationText(ms, language),
});

/**
 * Templates in Handlebars (https://handlebarsjs.com/guide/), of which `grammar.ts` says how much. Prototypes are out of reach: the grammar knows
 * no way there, and Handlebars denies access besides.
 */
export const handlebarsTemplates: TemplateLanguage = {
  faultsOf: faultsOfSource,
  render: (source, facts, style) =>
    rendererOf(source, style.html)(facts, {
      helpers: helpersFor(style),
      allowProtoPropertiesByDefault: false,
      allowProtoMethodsByDefault: false,
    }),
};
