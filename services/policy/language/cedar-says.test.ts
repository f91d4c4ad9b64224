import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { complaints, type Problem } from '../contract.ts'
import { createLanguage } from './cedar.ts'
import { cedarSaid } from './cedar-says.ts'
import { createParserThreads } from './threads.ts'

const threads = createParserThreads()
after(() => threads.close())
const { check } = createLanguage(threads)

const scope = (text: string) => `@id("a") permit (${text});`
const when = (text: string) =>
  `@id("a") permit (principal, action == Action::"doors.open", resource) when { ${text} };`
const ours = `entity Door { floor: Long, name: String, opt?: String, ip: ipaddr } tags String; entity User { age: Long };
action "doors.open" appliesTo { principal: [User], resource: [Door], context: { mfa?: Bool } };`

/** Wrong in one way each, and what Cedar of today is understood to say of it. */
const policies: Readonly<Record<string, readonly [text: string, values: object]>> = {
  'cedar.token': [scope('principal action, resource'), { token: 'action' }],
  'cedar.value-expected': [when('1 + '), { token: '}' }],
  'cedar.string-open': [when('"abc'), {}],
  'cedar.quotes': [when(`'abc'`), {}],
  'cedar.sign': ['# hello', {}],
  'cedar.scope-name': [scope('principal, action, resouce'), { name: 'resouce' }],
  'cedar.scope-missing': [scope('principal, action'), { name: 'resource' }],
  'cedar.scope-order': [scope('action, principal, resource'), { name: 'action', wanted: 'principal' }],
  'cedar.scope-extra': [scope('principal, action, resource, context'), { name: 'context' }],
  'cedar.scope-operator': [scope('principal != User::"a", action, resource'), { sign: '!=' }],
  'cedar.scope-one': [scope('principal, action == Action::"a" || Action::"b", resource'), { sign: '||' }],
  'cedar.scope-entity': [scope('principal, action == "open", resource'), { found: '"open"' }],
  'cedar.scope-set': [scope('principal in [User::"a"], action, resource'), {}],
  'cedar.action-type': [scope('principal, action in Foo::"x", resource'), { found: 'Foo::"x"' }],
  'cedar.effect': ['@id("a") permt (principal, action, resource);', { found: 'permt' }],
  'cedar.condition': ['@id("a") permit (principal, action, resource) if { true };', { found: 'if' }],
  'cedar.condition-empty': ['@id("a") permit (principal, action, resource) when { };', { clause: 'when' }],
  'cedar.variable': [when('foo'), { name: 'foo' }],
  'cedar.operator': [when('principal.x = 1'), { sign: '=', instead: '==' }],
  'cedar.operator-none': [when('1 / 2 == 1'), { sign: 'division' }],
  'cedar.number-large': [when('99999999999999999999 == 1'), {}],
  'cedar.function': [when('foo("x")'), { name: 'foo' }],
  'cedar.method': [when('principal.foo("x")'), { name: 'foo' }],
  'cedar.arguments': [when('[1].contains(1, 2)'), { wanted: '1', found: '2' }],
  'cedar.escape': [when('"a\\q" == "a"'), { escape: '\\q' }],
  'cedar.chain': [when('1 < 2 < 3'), {}],
  'cedar.signs': [when('!!!!!!true'), { sign: '!' }],
  'cedar.key-twice': [when('{a: 1, a: 2} == 1'), { name: 'a' }],
  'cedar.annotation-twice': ['@id("a") @id("b") permit (principal, action, resource);', { name: 'id' }],
  'cedar.slot': [when('?principal == principal'), { slot: '?principal', clause: 'when' }],
  'cedar.like': [when('principal like principal'), { found: 'principal' }],
  'cedar.has': [when('principal has 1'), { found: '1' }],
  'cedar.is': [scope('principal is 1, action, resource'), { found: '1' }],
  'cedar.index': [when('principal[1]'), { found: '1' }],
  'cedar.reserved': [when('principal.if'), { name: 'if' }],
  'cedar.attribute': [when('resource.flor == 1'), { name: 'flor', kind: 'Door', nearest: 'floor' }],
  'cedar.attribute-context': [when('context.foo'), { name: 'foo', action: 'Action::"doors.open"' }],
  'cedar.optional': [when('resource.opt == "a"'), { name: 'opt', kind: 'Door' }],
  'cedar.optional-context': [when('context.mfa'), { name: 'mfa', action: 'Action::"doors.open"' }],
  'cedar.tag': [when('resource.getTag("a") == "x"'), { name: '"a"', kind: 'Door' }],
  'cedar.types': [when('resource.floor == "x"'), { left: 'Long', right: 'String' }],
  'cedar.type': [when('principal.age.isEmpty()'), { wanted: 'Set', found: 'Long' }],
  'cedar.kind': [when('principal in Nobody::"a"'), { name: 'Nobody' }],
  'cedar.action': [
    scope('principal, action == Action::"doors.opn", resource'),
    { nearest: 'Action::"doors.open"' },
  ],
  'cedar.constant': [when('ip("300.1.1.1") == resource.ip'), { what: 'IP address', value: '"300.1.1.1"' }],
  'cedar.literal-only': [when('ip(resource.name) == resource.ip'), {}],
  'cedar.empty-set': [when('[] == [1]'), {}],
  'cedar.impossible': [when('"a" == 1'), {}],
  'cedar.no-action': [scope('principal is Door, action == Action::"doors.open", resource'), {}],
  'cedar.mixed-scripts': [when('resource.name == "say one аdmin"'), { text: '"say one аdmin"' }],
  'cedar.bidi': [when('resource.name == "a\\u{202e}b"'), {}],
  'id-missing': ['permit (principal, action, resource);', {}],
  'id-twice': [scope('principal, action, resource').repeat(2), {}],
  'id-form': ['@id("") permit (principal, action, resource);', {}],
  'too-deep': [when(`${'('.repeat(100)}true${')'.repeat(100)}`), { most: '60' }],
}

const schemas: typeof policies = {
  'cedar.token': ['foo', { token: 'foo' }],
  'cedar.schema-type': ['entity User { a: Strin };', { names: 'Strin' }],
  'cedar.schema-twice': ['entity User; entity User;', { name: 'User' }],
  'cedar.schema-cycle': ['action a in [b]; action b in [a];', {}],
  'cedar.schema-action': ['action x in [y];', { name: 'Action::"y"' }],
  'cedar.schema-applies': [
    'entity U; action x appliesTo { principal: U };',
    { what: 'resource', action: 'x' },
  ],
  'cedar.reserved': ['entity in;', { name: 'in' }],
  'action-of-althing': ['action "elections.open";', { action: 'elections.open' }],
  'attribute-of-althing': ['entity Person { acr: Long };', { attribute: 'acr', kind: 'Person' }],
  'kind-of-althing': ['entity Person enum ["x"];', { kind: 'Person' }],
}

const empty = { policies: '', schema: '', links: '', tests: '' }
const said = async (source: Partial<typeof empty>): Promise<readonly Problem[]> => {
  const { problems, warnings } = await check({ ...empty, ...source })
  return [...problems, ...warnings]
}

test('each way of being wrong has its own code and its values, and the sentence of Cedar beside it', async () => {
  const all = [
    ...Object.entries(policies).map(
      ([code, [text, values]]) => [code, { policies: text, schema: ours }, values] as const,
    ),
    ...Object.entries(schemas).map(([code, [schema, values]]) => [code, { schema }, values] as const),
  ]
  for (const [code, source, values] of all) {
    const found = await said(source)
    const one = found.find((problem) => problem.code === code)
    assert.ok(one !== undefined, `${code}: ${JSON.stringify(found)}`)
    assert.deepEqual({ ...one.values, ...values }, one.values, code)
    assert.notEqual(one.message, '', code)
    assert.ok(
      found.every((problem) => problem.code !== 'cedar.other'),
      `Not known: ${JSON.stringify(found)}`,
    )
  }
})

test('every code has the values that its words have places for', async () => {
  const texts = Object.values(policies).map(([text]) => text)
  for (const text of [...texts, 'permit (principal'])
    for (const { code, values } of await said({ policies: text, schema: ours }))
      assert.deepEqual(
        complaints[code].filter((name) => !(name in values)),
        [],
        code,
      )
})

test('what Cedar may say tomorrow is told as it says it', () => {
  const message = 'the moon is in the wrong phase'
  assert.deepEqual(cedarSaid({ message, help: 'wait', sourceLocations: [] }), {
    code: 'cedar.other',
    values: {},
    message: `${message}; wait`,
  })
})
