import Handlebars from 'handlebars';
import type { FactType, FactTypes } from '#domain/notifications';
import { zoneOf } from '#domain/local-time';

type Node = hbs.AST.Node;
type Program = hbs.AST.Program;

/** How much one source may hold: without loops, rendering costs no more than this. And how many of its faults are told at a time. */
const SOURCE_LIMITS = { expressions: 200, depth: 8, faults: 10 } as const;

const BLOCKS = ['if', 'unless'];
const HELPER_OF: Readonly<Partial<Record<FactType, 'date' | 'duration'>>> = { instant: 'date', duration: 'duration' };
const OUR_WORDS = '{{fact}}, {{date fact}}, {{duration fact}}, {{#if fact}} … {{else}} … {{/if}} and {{#unless fact}} … {{/unless}}';

const lineOf = ({ loc }: Node) => loc.start.line;

/** The name that an expression consists of; `undefined` for a path, a literal, `this`, `@data` or a sub-expression. */
const nameIn = (expression: Node): string | undefined => {
  if (expression.type !== 'PathExpression') return undefined;
  const { data, depth, parts, original } = expression as hbs.AST.PathExpression;
  return !data && depth === 0 && parts.length === 1 && original === parts[0] ? original : undefined;
};

/** Walks a parsed source and collects what we do not take. `sure` are the facts that are known to be there at this place. */
class Reading {
  readonly faults: string[] = [];
  #expressions = 0;

  constructor(private readonly facts: FactTypes) {}

  program({ body }: Program, sure: ReadonlySet<string>, depth = 0): void {
    for (const node of body) {
      if (this.faults.length >= SOURCE_LIMITS.faults) return;
      switch (node.type) {
        case 'ContentStatement':
        case 'CommentStatement':
          break;
        case 'MustacheStatement':
          this.#expression(node as hbs.AST.MustacheStatement, sure);
          break;
        case 'BlockStatement':
          this.#block(node as hbs.AST.BlockStatement, sure, depth + 1);
          break;
        default:
          this.#fault(node, `partials and decorators are not known here: there is ${OUR_WORDS}`);
      }
    }
  }

  #fault(node: Node, message: string): void {
    this.faults.push(`line ${lineOf(node)}: ${message}`);
  }

  #count(node: Node): void {
    this.#expressions += 1;
    if (this.#expressions === SOURCE_LIMITS.expressions + 1) {
      this.#fault(node, `there are more than ${SOURCE_LIMITS.expressions} expressions: say less`);
    }
  }

  /** The type of a fact, and whether it can be missing; `undefined` where there is no such fact, which is then a fault. */
  #factIn(node: Node): Readonly<{ name: string; type: FactType; isUnsure: boolean }> | undefined {
    const name = nameIn(node);
    const type = name !== undefined && Object.hasOwn(this.facts, name) ? this.facts[name] : undefined;
    if (name === undefined || type === undefined) {
      const said = (node as Partial<hbs.AST.PathExpression>).original;
      this.#fault(
        node,
        `${said === undefined ? 'this' : `"${said}"`} is no fact of this occasion: there is ${Object.keys(this.facts).join(', ')}`,
      );
      return undefined;
    }
    return { name, type: type.replace('?', '') as FactType, isUnsure: type.endsWith('?') };
  }

  #expression(node: hbs.AST.MustacheStatement, sure: ReadonlySet<string>): void {
    this.#count(node);
    const { path, params, hash, escaped } = node;
    if (!escaped) return this.#fault(node, 'three braces, or {{&, would let in markup that somebody wrote: two braces, without &');
    const helper = params.length > 0 || hash ? nameIn(path) : undefined;
    if (params.length > 0 || hash) {
      if (helper !== 'date' && helper !== 'duration') return this.#fault(node, `this is no helper: there is ${OUR_WORDS}`);
      if (!this.#areParams(node, helper)) return;
    }
    const fact = this.#factIn(params[0] ?? path);
    if (!fact) return;
    if (HELPER_OF[fact.type] !== helper) {
      const right = HELPER_OF[fact.type];
      return this.#fault(node, `${fact.name} is written {{${right ? `${right} ` : ''}${fact.name}}}`);
    }
    if (fact.isUnsure && !sure.has(fact.name)) {
      this.#fault(node, `${fact.name} is not always known: it goes between {{#if ${fact.name}}} and {{/if}}`);
    }
  }

  #areParams(node: hbs.AST.MustacheStatement, helper: 'date' | 'duration'): boolean {
    const { params, hash } = node;
    const [, zone, ...others] = params;
    const isZone =
      zone === undefined || (helper === 'date' && zone.type === 'StringLiteral' && zoneOf((zone as hbs.AST.StringLiteral).value));
    if (isZone && others.length === 0 && !hash) return true;
    this.#fault(
      node,
      helper === 'date'
        ? 'date takes a fact, and perhaps an IANA time zone: {{date fact "Europe/Berlin"}}'
        : 'duration takes one fact: {{duration fact}}',
    );
    return false;
  }

  #block(node: hbs.AST.BlockStatement, sure: ReadonlySet<string>, depth: number): void {
    this.#count(node);
    const { path, params, hash, program, inverse } = node;
    const word = nameIn(path);
    // one that begins with {{^ has no `program`
    if (word === undefined || !BLOCKS.includes(word) || !program || program.blockParams) {
      return this.#fault(node, `blocks are {{#if fact}} and {{#unless fact}}: there is ${OUR_WORDS}`);
    }
    if (depth > SOURCE_LIMITS.depth) return this.#fault(node, `blocks lie in each other at most ${SOURCE_LIMITS.depth} deep`);
    const [condition, ...others] = params;
    if (!condition || others.length > 0 || hash) return this.#fault(node, `${word} takes one fact: {{#${word} fact}}`);
    const fact = this.#factIn(condition);
    const known = fact ? new Set([...sure, fact.name]) : sure;
    this.program(program, word === 'if' ? known : sure, depth);
    if (inverse) this.program(inverse, word === 'if' ? sure : known, depth);
  }
}

/** Handlebars says where it stopped, in one of three ways. */
const lineOfFailure = (error: unknown): string => {
  const { lineNumber, message = '' } = error as { lineNumber?: number; message?: string };
  return String(lineNumber ?? /line (\d+)/i.exec(message)?.[1] ?? 1);
};

/**
 * What of a source we do not take, line by line, and what would be right. We take of Handlebars what a notice needs: facts, two helpers and two
 * conditions; no loops, so that no template can run for long, and no way around the escaping. A fact that can be missing stands where it is asked
 * for first, so a source without faults can be rendered whatever the facts are.
 */
export const faultsOfSource = (source: string, facts: FactTypes): readonly string[] => {
  let program: Program;
  try {
    program = Handlebars.parse(source);
  } catch (error) {
    return [`line ${lineOfFailure(error)}: it cannot be read here: {{ ends with }}, and {{#if fact}} with {{/if}}`];
  }
  const reading = new Reading(facts);
  reading.program(program, new Set());
  return reading.faults;
};
