import { categorize, CATEGORIZERS, type Categorizer } from '#domain/incident';
import { NameField, OccurredDto, OneOfField } from '../../http/fields.js';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsNumber, Max, Min, ValidateIf } from 'class-validator';
import { useCase } from '../use-case.js';

export class CategorizeIncidentDto extends OccurredDto {
  @NameField({ nullable: true, description: 'A name of the taxonomy in force, where the site has one. null takes it away.' })
  category!: string | null;

  @NameField({ optional: true, nullable: true })
  subcategory?: string | null;

  @NameField({ optional: true, nullable: true })
  symptom?: string | null;

  @OneOfField(CATEGORIZERS, { optional: true, description: 'Who or what sorted it; `person` when nothing is said.' })
  by?: Categorizer;

  @ApiPropertyOptional({ minimum: 0, maximum: 1, description: 'How sure a model is.' })
  @ValidateIf((_, value) => value !== undefined)
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0)
  @Max(1)
  confidence?: number;
}

export const categorizeIncident = useCase({
  name: 'CategorizeIncident',
  resource: 'categorizations',
  summary: 'Sort it into a category',
  body: CategorizeIncidentDto,
  example: { category: 'Network', subcategory: 'Firewall' },
  decide:
    ({ occurredAt: _, category, subcategory = null, by = 'person', ...said }, { incidentId, rules }) =>
    (incident) => {
      const taxonomyVersion = rules.checkCategory(category, subcategory);
      return categorize(
        { incidentId, category, subcategory, by, ...said, ...(taxonomyVersion !== undefined && { taxonomyVersion }) },
        incident,
      );
    },
});
