import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Everything that can be said about the code without running it. `npm run check`, and the beginning of `npm test`. */
export interface Step {
  name: string
  command: string[]
}

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = (name: string) => `${root}node_modules/.bin/${name}`

export const steps: Step[] = [
  { name: 'types', command: [bin('tsc')] },
  { name: 'format', command: [bin('oxfmt'), '--check'] },
  { name: 'lint', command: [bin('oxlint'), '--type-aware', '--quiet'] },
  {
    name: 'architecture',
    command: [process.execPath, '--test', '--test-reporter=dot', 'tests/architecture/*.test.ts'],
  },
  { name: 'ratchet', command: [process.execPath, 'tools/ratchet.ts'] },
  { name: 'dead exports', command: [process.execPath, 'tools/dead-exports.ts'] },
]

export interface Outcome {
  step: Step
  ok: boolean
  seconds: number
  output: string
}

export async function runStep(step: Step): Promise<Outcome> {
  const started = performance.now()
  const [program = '', ...args] = step.command
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FORCE_COLOR: '0' },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  const code = await new Promise<number | null>((done) => {
    child.once('error', (error) => (output += error.message))
    child.once('close', done)
  })
  return { step, ok: code === 0, seconds: (performance.now() - started) / 1000, output }
}

export function textOf({ step, ok, seconds, output }: Outcome): string {
  const line = `${ok ? '✔' : '✖'} ${step.name.padEnd(14)} ${seconds.toFixed(1)} s`
  return ok ? line : `${line}\n${output.trim().replaceAll(/^/gm, '    ')}\n`
}

async function main(names: readonly string[]) {
  let failed = 0
  for (const step of steps.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const outcome = await runStep(step)
    console.log(textOf(outcome))
    if (!outcome.ok) failed += 1
  }
  process.exitCode = failed === 0 ? 0 : 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2))
