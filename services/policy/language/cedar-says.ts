/**
 * What Cedar's parser and validator say, told apart by the forms that their sentences have (4.13): whoever reads in another language has words for
 * each. A form that is not known here is told as Cedar says it, and nothing of it is lost.
 */
import { near } from '@althing/kernel/service/near.ts'
import type { DetailedError } from '@cedar-policy/cedar-wasm/nodejs'
import type { Complaint, ComplaintCode } from '../contract.ts'

type Form = readonly [code: ComplaintCode, form: RegExp]

const syntax: readonly Form[] = [
  // Where a value may begin, nearly everything may: to list it helps nobody.
  ['cedar.value-expected', /^unexpected token `(?<token>[^]*)`; expected .*`false`, identifier.*`true`$/],
  ['cedar.token', /^unexpected token `(?<token>[^]*)`; expected (?<expected>.*)$/],
  ['cedar.end', /^unexpected end of input/],
  ['cedar.string-open', /^invalid token; try checking that all strings are closed/],
  ['cedar.quotes', /^invalid token; strings must use double quotes/],
  ['cedar.sign', /^invalid token$/],
  ['cedar.scope-name', /^found an invalid variable in the policy scope: (?<name>[^;]*);/],
  ['cedar.scope-missing', /^this policy is missing the `(?<name>\w+)` variable in the scope/],
  [
    'cedar.scope-order',
    /^found the variable `(?<name>\w+)` where the variable `(?<wanted>\w+)` must be used/,
  ],
  ['cedar.scope-extra', /^this policy has an extra element in the scope: (?<name>[^;]*);/],
  ['cedar.scope-operator', /^invalid operator in the policy scope: (?<sign>[^;]*);/],
  ['cedar.scope-one', /^expected an entity uid.*, found an? `(?<sign>[^`]*)` expression; .*one constraint/],
  ['cedar.scope-set', /^expected (?:a )?single entity uid.*, found (?:a )?set/],
  ['cedar.action-type', /^expected an entity uid with type `Action` but got `(?<found>[^]*?)`;/],
  [
    'cedar.scope-entity',
    /^expected an entity uid.*?, found (?:(?:name|literal) `(?<found>[^]*?)`(?:;|$)|(?<found>[^;]*))/,
  ],
  ['cedar.effect', /^invalid policy effect: (?<found>[^;]*);/],
  ['cedar.condition', /^invalid policy condition: (?<found>[^;]*);/],
  ['cedar.condition-empty', /^`(?<clause>\w+)` condition clause cannot be empty/],
  ['cedar.variable', /^invalid variable: (?<name>[^;]*);/],
  ['cedar.operator', /^'(?<sign>[^']*)' is not a valid operator in Cedar; try using '(?<instead>[^']*)'/],
  ['cedar.operator-none', /^(?<sign>division|remainder\/modulo) is not supported/],
  ['cedar.number-large', /^integer parse error: number too large/],
  ['cedar.function', /^`(?<name>[^`]*)` is not a valid function/],
  ['cedar.method', /^`(?<name>[^`]*)` is not a valid method/],
  ['cedar.arguments', /^call to `\w+` requires exactly (?<wanted>\d+) .*got (?<found>\d+)/],
  [
    'cedar.arguments',
    /^wrong number of arguments in extension function application. Expected (?<wanted>\d+), got (?<found>\d+)/,
  ],
  ['cedar.escape', /^the input `(?<escape>[^`]*)` is not a valid escape/],
  ['cedar.chain', /^multiple relational operators/],
  ['cedar.signs', /^too many occurrences of `(?<sign>.)`/],
  ['cedar.key-twice', /^duplicate key `(?<name>[^`]*)` in record literal/],
  ['cedar.annotation-twice', /^duplicate annotation: @(?<name>\w+)/],
  ['cedar.slot', /^found template slot (?<slot>\?\w+) in a `(?<clause>\w+)` clause/],
  ['cedar.like', /^right hand side of a `like` expression must be .* but got `(?<found>[^]*)`/],
  ['cedar.has', /^invalid RHS of a `has` operation: (?<found>[^;]*);/],
  ['cedar.is', /^right hand side of an `is` expression must be .* but got `(?<found>[^`]*)`/],
  ['cedar.index', /^invalid string literal: (?<found>.*)$/],
  ['cedar.reserved', /^this identifier is reserved and cannot be used: (?<name>\w+)/],
  ['cedar.reserved', /^The name `(?<name>[^`]*)` contains `__cedar`/],
]

const types: readonly Form[] = [
  ['cedar.attribute', /^attribute `(?<name>[^`]*)` on entity type `(?<kind>[^`]*)` not found/],
  ['cedar.attribute-context', /^attribute `(?<name>[^`]*)` in context for (?<action>[^]*?) not found/],
  ['cedar.optional', /access to optional attribute `(?<name>[^`]*)` on entity type `(?<kind>[^`]*)`/],
  [
    'cedar.optional-context',
    /access to optional attribute `(?<name>[^`]*)` in context for (?<action>[^]*?);/,
  ],
  ['cedar.tag', /access to tag `(?<name>[^`]*)` on entity type `(?<kind>[^`]*)`/],
  ['cedar.types', /^the types (?<left>.*?) and (?<right>.*?) are not compatible/],
  ['cedar.type', /^unexpected type: expected (?<wanted>.*?) but saw (?<found>.*?)(?:;|$)/],
  ['cedar.kind', /^unrecognized entity type `(?<name>[^`]*)`/],
  ['cedar.action', /^unrecognized action `(?<name>[^`]*)`/],
  [
    'cedar.constant',
    /validation: failed to parse as (?:an? )?(?<what>IP address|decimal|datetime|duration)(?: value)?: `(?<value>[^`]*)`/,
  ],
  ['cedar.literal-only', /^extension constructors may not be called with non-literal/],
  ['cedar.empty-set', /^empty set literals are forbidden/],
  ['cedar.impossible', /^policy is impossible/],
  ['cedar.no-action', /^unable to find an applicable action/],
  ['cedar.mixed-scripts', /^(?:string|identifier) `(?<text>[^`]*)` contains mixed scripts/],
  ['cedar.bidi', /^(?:string|identifier) `(?<text>[^`]*)` contains BIDI control characters/],
  ['cedar.confusable', /^identifier `(?<text>[^`]*)` contains/],
]

const schemas: readonly Form[] = [
  ['cedar.schema-type', /^failed to resolve types?: (?<names>[^;]*);/],
  ['cedar.schema-twice', /^`(?<name>[^`]*)` is declared twice/],
  ['cedar.schema-twice', /^duplicate namespace id: `(?<name>[^`]*)`/],
  ['cedar.schema-cycle', /^cycle in (?:common type references|action hierarchy) containing `(?<name>[^`]*)`/],
  ['cedar.schema-action', /^undeclared actions?: (?<name>[^;]*);/],
  ['cedar.schema-applies', /^missing `(?<what>\w+)` declaration for `(?<action>[^`]*)`/],
  ['cedar.schema-applies', /^for action `(?<action>[^`]*)`, `(?<what>\w+)` is `\[\]`/],
  ['cedar.schema-twice', /^duplicate `(?<name>\w+)` declaration in action/],
  ['cedar.reserved', /^this uses a reserved schema keyword: `(?<name>[^`]*)`/],
  ['cedar.reserved', /^`(?<name>\w+)` is a reserved identifier/],
  ['cedar.reserved', /^use of the reserved `(?<name>__cedar)` namespace/],
]

const forms = [...syntax, ...types, ...schemas]

/** Long values are cut: they stand in the text, where the mistake is shown. */
const longest = 200

type Told = Pick<DetailedError, 'message' | 'help' | 'sourceLocations'>

/** All that Cedar says about one mistake. */
export function cedarSaid(error: Told | undefined): Complaint {
  const [label] = error?.sourceLocations ?? []
  const message = [bare(error?.message ?? 'This is not Cedar.'), label?.label, error?.help]
    .filter(Boolean)
    .join('; ')
  for (const [code, form] of forms) {
    const found = form.exec(message)
    if (found !== null) return withNearest({ code, values: valuesIn(found), message })
  }
  return { code: 'cedar.other', values: {}, message }
}

/** Without what it was doing when it found it. */
const bare = (message: string): string =>
  message
    .replace(/^failed to parse [\w ]+ from string: /, '')
    .replace(/^error parsing schema: /, '')
    .replace(/^cannot parse input policies: /, '')
    .replace(/^for policy `[^`]*`, /, '')

const valuesIn = ({ groups = {} }: RegExpExecArray): Record<string, string> =>
  Object.fromEntries(
    Object.entries(groups).map(([name, value]) => [name, plain(value ?? '').slice(0, longest)]),
  )

/** A kind that nobody has declared: Cedar means whatever there is. */
const plain = (value: string): string => value.replaceAll('<__cedar::internal::Any>', '')

/** Cedar always guesses; what is not near is no guess and is not told. */
function withNearest({ code, values, message }: Complaint): Complaint {
  const guess = /; did you mean `([^`]*)`\?$/.exec(message)
  if (guess === null) return { code, values, message }
  const [, nearest = ''] = guess
  const written = values['name'] ?? values['found'] ?? ''
  if (near(nameIn(written), [nameIn(nearest)]) === undefined)
    return { code, values, message: message.slice(0, guess.index) }
  return { code, values: { ...values, nearest }, message }
}

/** Of `Action::"read"` what somebody mistypes. */
const nameIn = (written: string): string => /::"(.*)"$/.exec(written)?.[1] ?? written
