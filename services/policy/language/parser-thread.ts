/**
 * Cedar's own parser and validator (WebAssembly), in a thread that holds nothing of ours and can be thrown away: text that is
 * nested deeply enough overruns the parser's stack, and every later call of the same instance fails as well.
 */
import { parentPort } from 'node:worker_threads'
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import type { Asked, Done } from './asked.ts'
import { checkSource } from './check.ts'
import { formatted } from './formatting.ts'
import { exactly } from './exact.ts'

parentPort?.on('message', (asked: Asked) => parentPort?.postMessage(answerTo(asked)))

function answerTo(asked: Asked): Done {
  try {
    return answer(asked)
  } catch (error) {
    return { kind: 'broken', problem: error instanceof Error ? error.message : String(error) }
  }
}

function answer(asked: Asked): Done {
  switch (asked.kind) {
    case 'policies':
      return eachPolicy(asked.text, asked.statements)
    case 'validate':
      return one(() => cedar.validate({ schema: asked.schema, policies: { staticPolicies: asked.text } }))
    case 'format':
      return { kind: 'formatted', formatted: formatted(cedar, asked.text) }
    case 'schema':
      return one(() => cedar.schemaToJson(asked.text))
    case 'source':
      return { kind: 'checked', checked: checkSource(cedar, asked.source) }
  }
}

interface Failed {
  readonly type: 'failure'
  readonly errors: readonly { readonly message: string }[]
}

function one(call: () => { readonly type: 'success' } | Failed): Done {
  const { answer, text } = exactly(call)
  return answer.type === 'failure' ? notCedar(answer) : { kind: 'answers', texts: [text] }
}

function eachPolicy(text: string, statements: readonly string[]): Done {
  // What is wrong is said about the whole text, where its author finds it.
  const whole = cedar.checkParsePolicySet({ staticPolicies: text })
  if (whole.type === 'failure') return notCedar(whole)
  const texts: string[] = []
  for (const statement of statements) {
    const { answer, text } = exactly(() => cedar.policyToJson(`${statement};`))
    if (answer.type === 'failure') return notCedar(answer)
    texts.push(text)
  }
  return { kind: 'answers', texts }
}

const notCedar = ({ errors }: Failed): Done => ({
  kind: 'not cedar',
  problems: errors.map(({ message }) => message),
})
