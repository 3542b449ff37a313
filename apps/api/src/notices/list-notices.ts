import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Page } from '#kernel';
import {
  NOTICE_CHANNELS,
  NOTICE_STATUSES,
  OCCASION_NAMES,
  type NoticeChannel,
  type NoticeStatus,
  type Occasion,
} from '#domain/notifications';
import { notices, noticesPage, type ListedNotice } from '#projections';
import type { Reading } from '#adapters/read-models';
import { OneOfParameter, PageDto, PatternParameter, TextParameter } from '../http/query-fields.js';
import { Views } from '../queries/views.js';

const RECIPIENT_PATTERN = /^(person|address|endpoint):[^\s]{1,320}$/;

export class ListNoticesDto extends PageDto {
  @OneOfParameter(NOTICE_STATUSES, 'Only in this state: what failed and is tried again is `waiting`, what was given up is `abandoned`.')
  status?: NoticeStatus;

  @PatternParameter(RECIPIENT_PATTERN, 'person:ID, address:MAIL or endpoint:ID', 'Only to this recipient.', 'person:els-jacobs')
  recipient?: string;

  @TextParameter('Only about this incident.', 'INC0000001')
  incidentId?: string;

  @OneOfParameter(OCCASION_NAMES, 'Only sent on this occasion.')
  occasion?: Occasion;

  @OneOfParameter(NOTICE_CHANNELS, 'Only by this way.')
  channel?: NoticeChannel;
}

export class ListNotices extends Query<Reading<Page<ListedNotice>>> {
  constructor(readonly asked: ListNoticesDto) {
    super();
  }
}

@QueryHandler(ListNotices)
export class ListNoticesHandler implements IQueryHandler<ListNotices> {
  constructor(private readonly views: Views) {}

  execute({ asked }: ListNotices): Promise<Reading<Page<ListedNotice>>> {
    const { after: _, limit: __, cursor: ___, ...filter } = asked;
    return this.views.page(notices, asked, noticesPage(filter, this.views.pageRequest(asked)));
  }
}
