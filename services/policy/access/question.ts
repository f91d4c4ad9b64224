/** A question of AuthZEN in the words of the engine. */
import type { Caller } from '@althing/kernel/http'
import type { FieldError } from '@althing/kernel/errors'
import type { Evaluation, Resource, Subject } from '../contract.ts'
import type { Question, Thing } from '../deciding.ts'
import { remembered } from '../remembered.ts'
import { comesWithToken, isOfToken, recordOf, recordProblems } from '../values.ts'

/** The token of the person who is asked about: the only word about how they came that counts. */
export const tokenProperty = 'access_token'

type Properties = Readonly<Record<string, unknown>>

/** What several questions have in common is the same object in each, and is looked at and made once: a thousand may share a large context. */
export function createReading() {
  const wrongIn = remembered(wrongAmong)
  const record = remembered((properties: Properties) => recordOf(properties))
  const thing = remembered(thingOf)
  const ofAction = remembered((properties: Properties) => recordOf({ action: properties }))

  /** Everything in it that has no meaning in Cedar, with its place. */
  function problemsIn({ subject, action, resource, context }: Evaluation): FieldError[] {
    const places = {
      '/subject/properties': subject.properties,
      '/action/properties': action.properties,
      '/resource/properties': resource.properties,
      '/context': context,
    }
    return Object.entries(places).flatMap(([place, properties]) =>
      properties === undefined
        ? []
        : wrongIn(properties).map(({ pointer, message }) => ({ pointer: `${place}${pointer}`, message })),
    )
  }

  /** Cedar's actions have no attributes: what is said of one stands in the context, as `context.action`. */
  function contextOf({ action: { properties }, context }: Evaluation): Question['context'] {
    const around = context === undefined ? recordOf() : record(context)
    return properties === undefined ? around : new Map([...around, ...ofAction(properties)])
  }

  return {
    problemsIn,
    /** Only of what `problemsIn` has nothing to say about. */
    questionOf: (asked: Evaluation, shown: Caller | null): Question => ({
      principal: shownAs(thing(asked.subject), shown),
      action: asked.action.name,
      resource: thing(asked.resource),
      context: contextOf(asked),
    }),
  }
}

function wrongAmong(properties: Properties): FieldError[] {
  return recordProblems(properties).map(({ name, wrong }) => ({
    pointer: `/${name}`,
    message: wrong.message,
  }))
}

const thingOf = (thing: Subject | Resource): Thing => ({
  type: thing.type,
  id: thing.id,
  attributes: recordOf(countingOf(thing)),
})

/** What somebody is, beside what is known of them, and how their token says that they came. */
const shownAs = (thing: Thing, shown: Caller | null): Thing =>
  shown === null
    ? thing
    : { ...thing, attributes: new Map([...thing.attributes, ...recordOf(factorsOf(shown))]) }

/** Of a person, also as a resource, nothing that only a token can say is taken from anybody else. */
function countingOf({ type, properties }: Subject | Resource): Properties | undefined {
  if (properties === undefined || !comesWithToken(type)) return properties
  const counting = Object.entries(properties).filter(([name]) => name !== tokenProperty && !isOfToken(name))
  return Object.fromEntries(counting)
}

/** As the doors of our own services tell the engine about whoever comes (kernel/authz). */
function factorsOf({ acr, amr, authTime, scopes, client }: Caller): Properties {
  return { acr, amr, auth_time: authTime, scopes, client }
}
