/** How much work a schema makes for the validator: each policy is checked for everybody who may meet everything. */
/** The validator keeps some 600 bytes for each, in memory that nothing else limits. */
export const mostCombinations = 100_000

/** Of principal, action and resource, as far as a schema lets them meet: each policy is checked for every one. */
export function combinations(schema: object): number {
  const spaces = Object.values(schema as Record<string, Space>)
  const actions = spaces.flatMap((space) => Object.values(space.actions))
  return actions.reduce((sum, { appliesTo }) => {
    return sum + (appliesTo?.principalTypes?.length ?? 0) * (appliesTo?.resourceTypes?.length ?? 0)
  }, 0)
}

interface Space {
  readonly actions: Readonly<
    Record<
      string,
      {
        readonly appliesTo?: {
          readonly principalTypes?: readonly string[]
          readonly resourceTypes?: readonly string[]
        }
      }
    >
  >
}
