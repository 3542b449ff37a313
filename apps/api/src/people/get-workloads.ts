import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Page } from '#kernel';
import { personAt, presenceAt } from '#domain/people';
import { agentQueue, heldBy } from '#projections';
import type { Reading } from '#adapters/read-models';
import { pageOfAll } from '../http/page-of-all.js';
import { PageDto, TextParameter } from '../http/query-fields.js';
import { Views } from '../queries/views.js';
import { PeopleReader, type KnownPerson } from './people-reader.js';

export class GetWorkloadsDto extends PageDto {
  @TextParameter('Only of the members of this team.', 'network')
  team?: string;
}

/** How much somebody holds, and could: `capacity` and `room` are null where they can hold any number. Below 0, it is more than they can. */
export type Workload = Readonly<{
  person: string;
  name: string | null;
  present: boolean;
  open: number;
  capacity: number | null;
  room: number | null;
}>;

export type WorkloadPage = Page<Workload> & Readonly<{ summary: string }>;

/** How much people hold. */
export class GetWorkloads extends Query<Reading<WorkloadPage>> {
  constructor(
    readonly asked: GetWorkloadsDto,
    /** ISO 8601, UTC. */
    readonly now: string,
  ) {
    super();
  }
}

const workloadOf = ({ id, timeline }: KnownPerson, open: number, now: string): Workload => {
  const { name = null, capacity = null } = personAt(timeline, now) ?? {};
  return { person: id, name, present: presenceAt(timeline, now).present, open, capacity, room: capacity === null ? null : capacity - open };
};

const summaryOf = (items: readonly Workload[], why: string): string => {
  if (items.length === 0) return why;
  const open = items.reduce((sum, item) => sum + item.open, 0);
  if (open === 0) return `No open incident is held by any of these ${items.length}`;
  return `Open incidents held by these ${items.length}: ${open}, by ${items.filter((item) => item.open > 0).length} of them`;
};

@QueryHandler(GetWorkloads)
export class GetWorkloadsHandler implements IQueryHandler<GetWorkloads> {
  constructor(
    private readonly reader: PeopleReader,
    private readonly views: Views,
  ) {}

  /**
   * Costs a look-up in an index for each person of the page.
   * @throws NotFound DEFINITION_NOT_FOUND; InvalidInput CURSOR_INVALID; Unavailable VIEW_BEHIND
   */
  async execute({ asked, now }: GetWorkloads): Promise<Reading<WorkloadPage>> {
    const { known, why } = await this.reader.those(asked.team, now);
    const { items: page, ...rest } = pageOfAll({ id: 1 }, known, this.views.pageRequest(asked));
    const reading = await this.views.read(
      agentQueue,
      asked,
      (view) =>
        Promise.all(
          page.map(async (person) => {
            const { collection, filter } = heldBy(person.id);
            return workloadOf(person, await view.count(collection, filter), now);
          }),
        ),
      true,
    );
    return { ...reading, value: { ...rest, items: reading.value, summary: summaryOf(reading.value, why) } };
  }
}
