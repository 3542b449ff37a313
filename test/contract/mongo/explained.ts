/** The names of all stages in an explained plan, the outermost first. */
export const stagesOf = (plan: unknown): string[] => {
  if (plan === null || typeof plan !== 'object') return [];
  const { stage } = plan as { stage?: string };
  return [...(stage ? [stage] : []), ...Object.values(plan).flatMap(stagesOf)];
};
