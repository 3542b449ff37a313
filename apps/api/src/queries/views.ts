import { Inject, Injectable } from '@nestjs/common';
import { pageOf, type FindSpec, type Page, type PageRequest } from '#kernel';
import type { AnyProjection, Reading, ViewReader, ViewSnapshot } from '#adapters/read-models';
import { DEFAULT_PER_PAGE, type FreshDto, type ListDto, type PageDto } from '../http/query-fields.js';
import { API_OPTIONS, type ApiOptions } from '../options.js';

/** Reads the views for queries: as fresh as asked for, a page at a time. */
@Injectable()
export class Views {
  constructor(@Inject(API_OPTIONS) private readonly options: ApiOptions) {}

  reader(projection: AnyProjection): ViewReader {
    return this.options.readers.of(projection);
  }

  /** Looks at a view once it is as fresh as asked for. @throws Unavailable VIEW_BEHIND when that takes too long */
  read<Value>(
    projection: AnyProjection,
    { after }: FreshDto,
    look: (view: ViewSnapshot) => Promise<Value>,
    settle = false,
  ): Promise<Reading<Value>> {
    const withinMs = this.options.settings.afterWaitLimitMs;
    return this.reader(projection).read(look, { settle, withinMs, ...(after !== undefined && { after: BigInt(after) }) });
  }

  /** The page that is asked for, no larger than the site allows. */
  pageRequest({ limit = DEFAULT_PER_PAGE, cursor }: ListDto): PageRequest {
    return { limit: Math.min(limit, this.options.settings.pageSizeLimit), ...(cursor !== undefined && { cursor }) };
  }

  async page<Found extends object>(projection: AnyProjection, query: PageDto, spec: FindSpec): Promise<Reading<Page<Found>>> {
    const { limit } = this.pageRequest(query);
    const reading = await this.read(projection, query, (view) => view.list<Found>(spec));
    return { ...reading, value: pageOf(spec.sort, limit, reading.value) };
  }
}
