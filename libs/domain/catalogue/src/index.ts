export { checkCategory, type Category, type TaxonomyEntry } from './category.js';
export { walk, type DecisionGuide, type Guidance, type GuideAnswer, type GuideQuestion, type GuideTarget } from './decision-guide.js';
export * from './default-priority-policy.js';
export * from './default-taxonomy.js';
export * from './limits.js';
export * from './priority-policy.js';
export * from './service.js';
export * from './taxonomy.js';
