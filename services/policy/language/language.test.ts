import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { createEvaluator } from '@althing/kernel/authz'
import { writeJson } from '@althing/kernel/cedar'
import { processorMs } from '@althing/kernel/testing'
import { createLanguage } from './cedar.ts'
import { scan } from './scan.ts'
import { createParserThreads } from './threads.ts'

function setUp(
  context: TestContext,
  options: Parameters<typeof createParserThreads>[0] = { deadlineMs: 20_000 },
) {
  const threads = createParserThreads(options)
  context.after(() => threads.close())
  return { threads, ...createLanguage(threads) }
}

const when = (condition: string, id = 'one') =>
  `@id("${id}") permit (principal, action, resource) when { ${condition} };`
const good = when('true')
const schema =
  'entity U = { name: String }; action a appliesTo { principal: [U], resource: [U], context: {} };'

test('policies are known by their names, and a semicolon or a bracket in a string or a comment is neither', async (context) => {
  const { parse } = setUp(context)
  const policies = await parse(`// one; (((
    ${when('"a;b(" == "\\";"', 'first')} // two
    ${when('true', 'second')}`)
  assert.deepEqual(Object.keys(policies), ['first', 'second'])
})

test('an integer is published as it was written', async (context) => {
  const { parse } = setUp(context)
  const policies = await parse(when('9223372036854775807 == -9007199254740993'))
  assert.equal(
    writeJson(policies['one']?.conditions[0]?.body),
    '{"==":{"left":{"Value":9223372036854775807},"right":{"Value":-9007199254740993}}}',
  )
  const evaluate = createEvaluator({ revision: 1, entities: [], policies })
  const nobody = { uid: { type: 'U', id: '' }, parents: [], attrs: {} }
  assert.equal(evaluate({ principal: nobody, action: 'a', resource: nobody }).decision, false)
})

test('ten thousand brackets are refused, and so is a megabyte, and the next one is answered', async (context) => {
  const { parse, validate, format, schema: read } = setUp(context)
  const deep = when(`${'('.repeat(10_000)}true${')'.repeat(10_000)}`)
  for (const ask of [parse, format, (text: string) => validate(text, schema)]) {
    await assert.rejects(ask(deep), { code: 'policy.language.too_deep' })
    await assert.rejects(ask(`// ${'a'.repeat(1_000_000)}\n${good}`), { code: 'policy.language.too_long' })
  }
  await assert.rejects(read('{'.repeat(10_000)), { code: 'policy.language.too_deep' })
  await assert.rejects(validate(good, 'a'.repeat(1_000_000)), { code: 'policy.language.too_long' })
  assert.deepEqual(Object.keys(await parse(good)), ['one'])
})

test('what nests without brackets is refused like brackets', async (context) => {
  const { parse } = setUp(context)
  const ifs = when(`${'if true then true else '.repeat(200)}true`)
  await assert.rejects(parse(ifs), { code: 'policy.language.too_deep' })
  await assert.rejects(parse(when(`${'!'.repeat(200)}true`)), { code: 'policy.language.too_deep' })
  await assert.rejects(parse(when(`${'-('.repeat(40)}1${')'.repeat(40)} == 1`)), {
    code: 'policy.language.too_deep',
  })
  assert.equal(scan(when('[if a then b else c, if a then b else c, if a then b else c]')).depth, 3)
})

test('text that breaks the parser breaks it for nobody else', async (context) => {
  const { parse } = setUp(context)
  const breaking = when(Array(15_000).fill('true').join('&&'))
  const others = [parse(good), parse(breaking), parse(good), parse(breaking), parse(good), parse(good)]
  const outcomes = await Promise.allSettled(others)
  assert.deepEqual(
    outcomes.map((one) => (one.status === 'fulfilled' ? 'ok' : (one.reason as { code: string }).code)),
    ['ok', 'policy.language.too_complex', 'ok', 'policy.language.too_complex', 'ok', 'ok'],
  )
  assert.deepEqual(Object.keys(await parse(good)), ['one'])
})

function schemaOf(types: number, actions: number): string {
  const names = Array.from({ length: types }, (_, index) => `T${index}`)
  const listed = `[${names.join(', ')}]`
  return `${names.map((name) => `entity ${name};`).join('\n')}
    action ${Array.from({ length: actions }, (_, index) => `a${index}`).join(', ')}
    appliesTo { principal: ${listed}, resource: ${listed}, context: {} };`
}

test('a schema in which everybody may meet everything would fill the memory, and is refused', async (context) => {
  const { validate } = setUp(context)
  await assert.rejects(validate(good, schemaOf(200, 200)), { code: 'policy.language.too_complex' })
  assert.deepEqual(await validate(good, schemaOf(10, 10)), { errors: [], warnings: [] })
})

test('a check without end ends at its deadline, and others are answered meanwhile', async (context) => {
  const { validate } = setUp(context, { deadlineMs: 4_000 })
  const large = schemaOf(60, 20)
  const endless = when(Array(100).fill('principal == resource').join('||'))
  // Two threads that have begun: on a busy machine that takes its time, too.
  await Promise.all([validate(good, schema), validate(good, schema)])
  const [late, other] = await Promise.allSettled([validate(endless, large), validate(good, schema)])
  assert.equal(
    late.status === 'rejected' && (late.reason as { code: string }).code,
    'policy.language.too_slow',
  )
  assert.equal(other.status, 'fulfilled')
  assert.deepEqual(await validate(good, schema), { errors: [], warnings: [] })
})

test('a string that is never closed is looked at once', () => {
  const open = `"${'\\"'.repeat(99_000)}\\`
  assert.equal(scan(open).depth, 0)
  assert.ok(processorMs(() => scan(open)) < 1_000)
})

test('the validator tells which policy is wrong, and the formatter how it should look', async (context) => {
  const { validate, format } = setUp(context)
  const { errors } = await validate(when('principal.nmae == "a"'), schema)
  assert.deepEqual(
    errors.map(({ policy }) => policy),
    ['policy0'],
  )
  assert.match(errors[0]?.message ?? '', /nmae/)
  const { text } = await format(good)
  assert.equal(text, '@id("one")\npermit (principal, action, resource)\nwhen { true };\n')
})

test('what is well set keeps its comments, and stays as it is when it is set again; what cannot be read is refused with its place', async (context) => {
  const { format } = setUp(context)
  const written = `// first\n@id("one") permit(principal,action,resource) // why\nwhen {true // so\n};\n// last`
  const { text } = await format(written)
  assert.deepEqual(
    [...(text ?? '').matchAll(/\/\/.*/g)].map(([comment]) => comment),
    ['// first', '// why', '// so', '// last'],
  )
  assert.deepEqual(await format(text ?? ''), { text, problems: [] })
  assert.deepEqual(await format(''), { text: '', problems: [] })
  const wrong = await format('// þæö\n@id("a")\npermit (principal, action, resouce);')
  assert.equal(wrong.text, null)
  assert.deepEqual(
    wrong.problems.map(({ line, column, code, values }) => [line, column, code, values]),
    [[3, 28, 'cedar.scope-name', { name: 'resouce' }]],
  )
})

test('a schema becomes the JSON by which data is read', async (context) => {
  const { schema: read } = setUp(context)
  const json = (await read('entity U = { at: datetime };')) as unknown as Record<
    string,
    { entityTypes: object }
  >
  assert.deepEqual(Object.keys(json['']?.entityTypes ?? {}), ['U'])
  await assert.rejects(read('entity entity entity'), { code: 'policy.language.not_cedar' })
})

test('templates, nameless policies, the same name twice and what is no Cedar are refused', async (context) => {
  const { parse } = setUp(context)
  const refusals: [string, string][] = [
    ['permit (principal, action, resource)', 'not_cedar'],
    ['permit (principal, action);', 'not_cedar'],
    ['@id("t") permit (principal == ?principal, action, resource);', 'not_cedar'],
    ['permit (principal, action, resource);', 'unnamed'],
    [good + good, 'unnamed'],
    [when('unknown("x")'), 'not_evaluated'],
    [when(`${'1+'.repeat(300)}1 == 1`), 'not_evaluated'],
  ]
  for (const [text, code] of refusals)
    await assert.rejects(parse(text), { code: `policy.language.${code}` }, text.slice(0, 80))
})
