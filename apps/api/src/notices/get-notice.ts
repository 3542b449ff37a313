import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { NotFound } from '#kernel';
import { noticeStream, type NoticeEvent } from '#domain/notifications';
import { noticeHistory, type NoticeHistory } from '#projections';
import { API_OPTIONS, type ApiOptions } from '../options.js';

/** One notice with all that became of it. */
export class GetNotice extends Query<NoticeHistory> {
  constructor(readonly noticeId: string) {
    super();
  }
}

@QueryHandler(GetNotice)
export class GetNoticeHandler implements IQueryHandler<GetNotice> {
  constructor(@Inject(API_OPTIONS) private readonly options: ApiOptions) {}

  /** From the log itself: a notice has few events, and each attempt is one of them. */
  async execute({ noticeId }: GetNotice): Promise<NoticeHistory> {
    const history = await noticeHistory(this.options.log.readStream<NoticeEvent>(noticeStream(noticeId)));
    if (!history) throw new NotFound('NOTICE_NOT_FOUND', 'There is no such notice');
    return history;
  }
}
