import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CalendarReader } from './calendars/calendar-reader.js';
import { CalendarsController } from './calendars/calendars.controller.js';
import { GetDeadlineHandler } from './calendars/get-deadline.js';
import { GetWorkingTimeHandler } from './calendars/get-working-time.js';
import { ImportHolidaysHandler } from './calendars/import-holidays.js';
import { Commands } from './commands/commands.js';
import { ConfirmationController } from './confirmation/confirmation.controller.js';
import { Confirmation } from './confirmation/confirmation.js';
import { DefineHandler, RetireHandler } from './definitions/definition-commands.js';
import { GetDefinitionHandler, ListDefinitionsHandler } from './definitions/definition-queries.js';
import { definitionControllers } from './definitions/definitions.controller.js';
import { SiteCommands } from './definitions/site-commands.js';
import { FeedController } from './feed/feed.controller.js';
import { HealthController } from './health/health.controller.js';
import { Metrics, MetricsController } from './health/metrics.controller.js';
import { IncidentsController } from './incidents/incidents.controller.js';
import { Incidents } from './incidents/incidents.js';
import { ReportIncidentHandler } from './incidents/report-incident.js';
import { SiteRules } from './incidents/site-rules.js';
import { useCases } from './incidents/use-cases/index.js';
import { GetNoticeHandler } from './notices/get-notice.js';
import { ListNoticesHandler } from './notices/list-notices.js';
import { NoticesController } from './notices/notices.controller.js';
import { PreviewTemplateHandler } from './notices/preview-template.js';
import { RequeueNoticeHandler } from './notices/requeue-notice.js';
import { API_OPTIONS, type ApiOptions } from './options.js';
import { GetAuditTrailHandler } from './queries/get-audit-trail.js';
import { GetHistoryHandler } from './queries/get-history.js';
import { GetIncidentHandler } from './queries/get-incident.js';
import { GetKpisHandler } from './queries/get-kpis.js';
import { GetQueueHandler } from './queries/get-queue.js';
import { GetReplayHandler } from './queries/get-replay.js';
import { AddOverrideHandler } from './on-call/add-override.js';
import { ArrangementsController } from './on-call/arrangements.controller.js';
import { GetCoverageHandler } from './on-call/get-coverage.js';
import { GetOnCallHandler } from './on-call/get-on-call.js';
import { GetShiftFeedHandler } from './on-call/get-shift-feed.js';
import { GetShiftsHandler } from './on-call/get-shifts.js';
import { OnCallController } from './on-call/on-call.controller.js';
import { RemoveOverrideHandler } from './on-call/remove-override.js';
import { ScheduleReader } from './on-call/schedules.js';
import { SwapShiftsHandler } from './on-call/swap-shifts.js';
import { EndAbsenceHandler } from './people/end-absence.js';
import { GetPresenceHandler } from './people/get-presence.js';
import { GetWorkloadsHandler } from './people/get-workloads.js';
import { PeopleController } from './people/people.controller.js';
import { PeopleReader } from './people/people-reader.js';
import { ReportAbsenceHandler } from './people/report-absence.js';
import { ProblemsController } from './problems/problems.controller.js';
import { QueriesController } from './queries/queries.controller.js';
import { SearchIncidentsHandler } from './queries/search-incidents.js';
import { Views } from './queries/views.js';
import { ExplainServiceLevelsHandler } from './service-levels/explain-service-levels.js';
import { ServiceLevelsController } from './service-levels/service-levels.controller.js';
import { SimulateServiceLevelsHandler } from './service-levels/simulate-service-levels.js';
import { GetOtherShareHandler } from './taxonomy/get-other-share.js';
import { TaxonomyController } from './taxonomy/taxonomy.controller.js';
import { WalkGuideHandler } from './taxonomy/walk-guide.js';

/** One handler a command; the bus would let a second one replace the first without a word. */
export const commandHandlers: readonly Type[] = [
  ReportIncidentHandler,
  ...useCases.map(({ handler }) => handler),
  DefineHandler,
  RetireHandler,
  AddOverrideHandler,
  RemoveOverrideHandler,
  SwapShiftsHandler,
  ReportAbsenceHandler,
  EndAbsenceHandler,
  RequeueNoticeHandler,
  ImportHolidaysHandler,
];
export const queryHandlers: readonly Type[] = [
  SearchIncidentsHandler,
  GetIncidentHandler,
  GetHistoryHandler,
  GetReplayHandler,
  GetAuditTrailHandler,
  GetQueueHandler,
  GetKpisHandler,
  ListDefinitionsHandler,
  GetDefinitionHandler,
  ExplainServiceLevelsHandler,
  SimulateServiceLevelsHandler,
  GetOnCallHandler,
  GetShiftsHandler,
  GetCoverageHandler,
  GetShiftFeedHandler,
  GetPresenceHandler,
  GetWorkloadsHandler,
  WalkGuideHandler,
  GetOtherShareHandler,
  ListNoticesHandler,
  GetNoticeHandler,
  PreviewTemplateHandler,
  GetWorkingTimeHandler,
  GetDeadlineHandler,
];

/** Which of its parts a process serves: a projector alone still says how it is. */
export type ApiParts = Readonly<{
  incidents: boolean;
  /** The pages at /docs; without them the OpenAPI document alone. */
  pages: boolean;
}>;

/** The API role. */
@Module({})
export class ApiModule {
  static register(options: ApiOptions, { incidents }: ApiParts): DynamicModule {
    const serving = incidents
      ? {
          controllers: [
            IncidentsController,
            QueriesController,
            FeedController,
            ServiceLevelsController,
            OnCallController,
            ArrangementsController,
            PeopleController,
            TaxonomyController,
            NoticesController,
            ConfirmationController,
            CalendarsController,
            ...definitionControllers,
          ],
          providers: [
            Commands,
            SiteCommands,
            Incidents,
            SiteRules,
            Views,
            ScheduleReader,
            PeopleReader,
            Confirmation,
            CalendarReader,
            ...commandHandlers,
            ...queryHandlers,
          ],
        }
      : { controllers: [], providers: [] };
    return {
      module: ApiModule,
      imports: [CqrsModule.forRoot()],
      controllers: [HealthController, MetricsController, ProblemsController, ...serving.controllers],
      providers: [{ provide: API_OPTIONS, useValue: options }, Metrics, ...serving.providers],
    };
  }
}
