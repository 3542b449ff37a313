import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { latestVersion, NotFound, pageOf, retiredFrom, versionAt, type EffectiveDated, type Page } from '#kernel';
import { DEFINITION_SORT, definitionsPage, siteDefinitions, type SiteDefinition } from '#projections';
import type { Reading } from '#adapters/read-models';
import { InstantParameter, PageDto, FreshDto } from '../http/query-fields.js';
import { Views } from '../queries/views.js';
import { kindAt } from './site-commands.js';

export class ListDefinitionsDto extends PageDto {
  @InstantParameter('As it holds at this instant; now, when nothing is said.')
  at?: string;
}

export class GetDefinitionDto extends FreshDto {
  @InstantParameter('As it holds at this instant; now, when nothing is said.')
  at?: string;
}

/** A definition as it holds at an instant. `null`: it does not hold then, though it is said. */
export type ShownDefinition = Readonly<{
  id: string;
  version: number | null;
  effectiveFrom: string | null;
  definition: unknown;
  latestVersion: number;
  retiredFrom: string | null;
}>;

/** The same, with everything that was ever said of it, and what happened beside that. */
export type WholeDefinition = ShownDefinition & EffectiveDated<unknown> & Readonly<{ revision: bigint }>;

const shown = ({ id, state }: SiteDefinition, instant: string): ShownDefinition => {
  const found = versionAt(state, instant);
  return {
    id,
    version: found?.version ?? null,
    effectiveFrom: found?.effectiveFrom ?? null,
    definition: found?.definition ?? null,
    latestVersion: latestVersion(state)?.version ?? 0,
    retiredFrom: retiredFrom(state) ?? null,
  };
};

export class ListDefinitions extends Query<Reading<Page<ShownDefinition>>> {
  constructor(
    readonly path: string,
    readonly asked: ListDefinitionsDto,
    readonly now: string,
  ) {
    super();
  }
}

export class GetDefinition extends Query<Reading<WholeDefinition>> {
  constructor(
    readonly path: string,
    readonly id: string,
    readonly asked: GetDefinitionDto,
    readonly now: string,
  ) {
    super();
  }
}

@QueryHandler(ListDefinitions)
export class ListDefinitionsHandler implements IQueryHandler<ListDefinitions> {
  constructor(private readonly views: Views) {}

  async execute({ path, asked, now }: ListDefinitions): Promise<Reading<Page<ShownDefinition>>> {
    const request = this.views.pageRequest(asked);
    const reading = await this.views.read(siteDefinitions, asked, (view) => view.list<SiteDefinition>(definitionsPage(path, request)));
    const { items, ...rest } = pageOf(DEFINITION_SORT, request.limit, reading.value);
    return { ...reading, value: { ...rest, items: items.map((item) => shown(item, asked.at ?? now)) } };
  }
}

@QueryHandler(GetDefinition)
export class GetDefinitionHandler implements IQueryHandler<GetDefinition> {
  constructor(private readonly views: Views) {}

  async execute({ path, id, asked, now }: GetDefinition): Promise<Reading<WholeDefinition>> {
    const stream = `${kindAt(path).streamPrefix}${id}`;
    const reading = await this.views.read(siteDefinitions, asked, (view) =>
      view.byId<SiteDefinition & { revision: bigint }>('site_definitions', stream),
    );
    const { value } = reading;
    if (!value)
      throw new NotFound('DEFINITION_NOT_FOUND', `There is no ${id} among the ${path}, or its view is not there yet: see \`after\``);
    return { ...reading, value: { ...shown(value, asked.at ?? now), ...value.state, revision: value.revision } };
  }
}
