import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parsePolicies } from '../../../tests/support/cedar-text.ts'
import { cedarText } from './cedar-text.ts'
import type { PolicyJson } from './expressions.ts'

const base = readFileSync(new URL('../language/base.cedar', import.meta.url), 'utf8')
const odd = `
@id("a") permit (principal, action, resource) when { !(principal.a && (principal.b || context["a b"].c)) == (1 + 2 * -3 < 4 - (5 - 6)) };
@id("b") permit (principal, action, resource) when { if principal has a.b then resource is doc in folder::"f" else principal in [group::"a\\"b", group::"c"] };
@id("c") permit (principal, action, resource) when { context.x like "a*\\*b\\"*" && [1, "two"].containsAny(context.y) && !context.z.isEmpty() };
@id("d") permit (principal, action, resource) when { ip("10.0.0.1").isInRange(context.net) && decimal("1.5").lessThan(context.d) && context.t < datetime("2026-01-01").offset(duration("1h")) };
@id("e") permit (principal, action, resource) when { {"a": 1, "b c": [true]}.a == -9223372036854775807 && principal.hasTag("x") && principal.getTag("x") == "y" && principal has "a b" };
@id("f") permit (principal, action, resource) when { (if context.a then context.b else context.c) && !(!context.d) && (1 == 1) != false };
`

test('an expression is shown as its author could have written it: read again it is the same', async () => {
  for (const text of [base, odd]) {
    const policies = (await parsePolicies(text)) as unknown as Readonly<Record<string, PolicyJson>>
    const conditions = Object.values(policies).flatMap((one) => one.conditions.map(({ body }) => body))
    assert.ok(conditions.length > 4)
    const shown = conditions.map(
      (body, n) => `@id("p${n}") permit (principal, action, resource) when { ${cedarText(body)} };`,
    )
    const again = (await parsePolicies(shown.join('\n'))) as unknown as Readonly<Record<string, PolicyJson>>
    for (const [n, body] of conditions.entries())
      assert.deepEqual(again[`p${n}`]?.conditions[0]?.body, body, shown[n])
  }
})

test('what is longer than anybody reads is cut, however long it is', () => {
  const long = Array.from({ length: 20_000 }).reduce<unknown>(
    (left) => ({ '&&': { left, right: { '.': { left: { Var: 'context' }, attr: 'a' } } } }),
    { Value: true },
  )
  assert.ok(cedarText(long).length < 500)
})
