import { Controller, Get, Header, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { problemsHtml } from './problems-page.js';

/** Where the `type` of every Problem leads. */
@ApiExcludeController()
@Controller({ path: 'docs/problems', version: VERSION_NEUTRAL })
export class ProblemsController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  page(): string {
    return problemsHtml();
  }
}
