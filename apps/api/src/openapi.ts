import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

/** The API as OpenAPI 3 describes it. */
export const openApi = (app: INestApplication): OpenAPIObject =>
  SwaggerModule.createDocument(
    app,
    new DocumentBuilder()
      .setTitle('Faultline')
      .setDescription(
        'The system of record for incidents. Every answer carries `Faultline-Position`, the place in the log it is of; a query takes ' +
          '`after` to see at least that much. Everything that is not a success is a Problem (RFC 9457) with a `code` that never changes.',
      )
      .setVersion('1')
      .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
      .addTag('commands', 'Everything that changes an incident')
      .addTag('queries', 'Views: queues, incidents, audit trails, figures')
      .addTag('definitions', 'What a site defines: calendars, policies, people; each change holds from an instant on')
      .addTag('feed', 'Events for other systems')
      .build(),
  );
