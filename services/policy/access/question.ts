/** A question of AuthZEN in the words of the engine. */
import type { Caller } from '@althing/kernel/http'
import type { FieldError } from '@althing/kernel/errors'
import type { Action, Evaluation, Resource, Subject } from '../contract.ts'
import type { Question, Thing } from '../deciding.ts'
import { comesWithToken, isOfToken, recordOf, recordProblems } from '../values.ts'

/** The token of the person who is asked about: the only word about how they came that counts. */
export const tokenProperty = 'access_token'

type Properties = Readonly<Record<string, unknown>> | undefined

/** Everything in it that has no meaning in Cedar, with its place. */
export function problemsIn({ subject, action, resource, context }: Partial<Evaluation>): FieldError[] {
  const places = {
    '/subject/properties': subject?.properties,
    '/action/properties': action?.properties,
    '/resource/properties': resource?.properties,
    '/context': context,
  }
  return Object.entries(places).flatMap(([pointer, properties]) => problemsAt(pointer, properties))
}

function problemsAt(pointer: string, properties: Properties): FieldError[] {
  if (properties === undefined) return []
  return recordProblems(properties).map(({ name, wrong }) => ({
    pointer: `${pointer}/${name}`,
    message: wrong.message,
  }))
}

/** What somebody is, beside what is known of them, and how their token says that they came. */
export function principalOf(subject: Subject, shown: Caller | null): Thing {
  const { type, id } = subject
  if (shown === null) return thingOf(subject)
  return { type, id, attributes: recordOf({ ...countingOf(subject), ...factorsOf(shown) }) }
}

export const thingOf = (thing: Subject | Resource): Thing => ({
  type: thing.type,
  id: thing.id,
  attributes: recordOf(countingOf(thing)),
})

/** Of a person, also as a resource, nothing that only a token can say is taken from anybody else. */
function countingOf({ type, properties }: Subject | Resource): Properties {
  if (properties === undefined || !comesWithToken(type)) return properties
  const counting = Object.entries(properties).filter(([name]) => name !== tokenProperty && !isOfToken(name))
  return Object.fromEntries(counting)
}

/** As the doors of our own services tell the engine about whoever comes (kernel/authz). */
function factorsOf(shown: Caller | null): Readonly<Record<string, unknown>> {
  if (shown === null) return {}
  const { acr, amr, authTime, scopes, client } = shown
  return { acr, amr, auth_time: authTime, scopes, client }
}

/** Cedar's actions have no attributes: what is said of one stands in the context, as `context.action`. */
export function contextOf(
  { properties }: Pick<Action, 'properties'>,
  context: Properties,
): Question['context'] {
  return recordOf(properties === undefined ? context : { ...context, action: properties })
}
