import assert from 'node:assert/strict'
import { test } from 'node:test'
import { processorMs } from '@althing/kernel/testing'
import { expansion, mostExpanded } from './expansion.ts'

/** Each made of two of the one before it. */
const byTwos = (levels: number, name = (n: number) => `T${n}`) =>
  Array.from(
    { length: levels },
    (_, n) => `type ${name(n + 1)} = { a: ${name(n)}, "b"?: Set<${name(n)}> };`,
  ).join('\n')

test('types that name each other twice double with each level, wherever they stand', () => {
  const sizes = [8, 9, 10].map((levels) => expansion(`type T0 = { a: Long };\n${byTwos(levels)}`))
  assert.ok((sizes[1] ?? 0) > 1.8 * (sizes[0] ?? 0) && (sizes[2] ?? 0) > 1.8 * (sizes[1] ?? 0), String(sizes))
  const harmful = {
    'in a kilobyte': `type T0 = Long;\n${byTwos(27)}`,
    'in another order': byTwos(27).split('\n').reverse().join('\n') + 'type T0 = { a: Long };',
    'in a namespace': `namespace A::B { type T0 = Long;\n${byTwos(27)} entity E; }`,
    'with comments between': `type T0 = Long;\n${byTwos(27).replaceAll(' = ', ' // =\n = ')}`,
    'in a namespace each': `type T = Long;\n${Array.from({ length: 27 }, (_, n) => `namespace N${n + 1} { type T = { a: ${n === 0 ? 'T0' : `N${n}::T`}, b: ${n === 0 ? 'T0' : `N${n}::T`} }; }`).join('\n')}`,
    'for a thousand kinds': `type T0 = Long;\n${byTwos(8)} entity ${Array.from({ length: 1000 }, (_, n) => `E${n}`).join(', ')} { t: T8 };`,
    'in a chain without end': `type T0 = Long;\n${Array.from({ length: 20_000 }, (_, n) => `type T${n + 1} = { a: T${n} };`).join('\n')}`,
  }
  for (const [what, schema] of Object.entries(harmful)) assert.ok(expansion(schema) > mostExpanded, what)
})

test('what is large by itself is not large because of it, and a name of an attribute is no type', () => {
  const kinds = Array.from(
    { length: 2000 },
    (_, n) =>
      `@doc("T0") entity E${n} in [E0] { home: Address, Address?: Long, "type": String } tags String;`,
  )
  const schema = `type Address = { city: String, zip: Long };\n${kinds.join('\n')}\naction a, b in [c] appliesTo { principal: [E0], resource: [E1], context: { at: Address } };`
  assert.ok(expansion(schema) < mostExpanded, String(expansion(schema)))
  assert.equal(expansion(kinds.join('\n')), 0)
  assert.ok(expansion('namespace A { type T = T; } entity { type = ; namespace } ]') < 5, 'what is no schema')
})

test('a schema of any length is counted at once', () => {
  const nested = Array.from({ length: 60_000 }, (_, n) => `type T${n + 1} = { a: T${n} };`)
  const spent = processorMs(() => {
    expansion('type '.repeat(400_000))
    expansion('{'.repeat(1_000_000))
    expansion(`type T0 = Long;\n${nested.join('\n')}`)
  })
  assert.ok(spent < 5_000, `${spent} ms`)
})
