import { EVENT_SHAPES, type DataOf, type FieldShape, type IncidentEventType, type ValueShape } from '#domain/incident';
import {
  anything,
  flag,
  instant,
  list,
  nullable,
  number,
  object,
  oneOf,
  optional,
  text,
  whole,
  type FieldsOf,
  type Schema,
} from './schema.js';

const ofValue = (shape: ValueShape): Schema<never> => {
  switch (shape.kind) {
    case 'text':
      return text(undefined, { maxLength: shape.maxLength });
    case 'choice':
      return oneOf(shape.choices);
    case 'instant':
      return instant();
    case 'number':
      return shape.whole ? whole(undefined, { minimum: shape.min, maximum: shape.max }) : number();
    case 'true':
      return flag('It is there where it is true.');
    case 'list':
      return list(ofValue(shape.item), undefined, shape.maxItems);
    case 'object':
      return object(ofFields(shape.fields));
    case 'any':
      return anything('What the fact was or is: what it may be depends on the fact.');
    default:
      return shape satisfies never;
  }
};

const ofField = (shape: FieldShape): Schema<never> => {
  const value: Schema<never> = shape.nullable && shape.kind !== 'any' ? nullable(ofValue(shape)) : ofValue(shape);
  return shape.needed ? value : optional(value);
};

const ofFields = (fields: Readonly<Record<string, FieldShape>>): Readonly<Record<string, Schema<never>>> =>
  Object.fromEntries(Object.entries(fields).map(([field, shape]) => [field, ofField(shape)]));

/** The fields of an event's data, beside the incident's id. */
export const dataFields = <Type extends IncidentEventType>(type: Type): FieldsOf<Omit<DataOf<Type>, 'incidentId'>> =>
  ofFields(EVENT_SHAPES[type]) as unknown as FieldsOf<Omit<DataOf<Type>, 'incidentId'>>;
