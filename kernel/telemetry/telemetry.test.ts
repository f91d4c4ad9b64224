import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withCorrelation } from '../context/index.ts'
import { faults } from '../errors/index.ts'
import { createLog, Registry } from './index.ts'

test('a log line is JSON with its correlation id, and personal or secret values are struck out at any depth', () => {
  const lines: string[] = []
  const log = createLog({ service: 'test', destination: { write: (line) => void lines.push(line) } })
  withCorrelation('c-1', () =>
    log.info('did', {
      count: 3,
      password: 'needle',
      deep: { list: [{ kennitala: 'needle', Email: 'needle' }] },
      access_token: 'needle',
    }),
  )
  const line = JSON.parse(lines[0] ?? '') as Record<string, unknown>
  assert.deepEqual(
    [line['event'], line['correlation'], line['count'], line['severity'], line['service']],
    ['did', 'c-1', 3, 'INFO', 'test'],
  )
  assert.doesNotMatch(lines.join(), /needle/)
})

test('an error is logged with its causes, and a fault without a stack', () => {
  const lines: string[] = []
  const log = createLog({ service: 'test', destination: { write: (line) => void lines.push(line) } })
  const fault = faults('test.telemetry', { broken: [500, 'It broke.'] })
  log.error('failed', fault.broken(new Error('inner')))
  const { error } = JSON.parse(lines[0] ?? '') as {
    error: { code: string; stack?: string; cause: { message: string } }
  }
  assert.deepEqual(
    [error.code, error.stack, error.cause.message],
    ['test.telemetry.broken', undefined, 'inner'],
  )
})

test('the quiet profile writes no correlation id', () => {
  const lines: string[] = []
  const log = createLog({
    service: 'test',
    quiet: true,
    destination: { write: (line) => void lines.push(line) },
  })
  withCorrelation('c-2', () => log.warn('did'))
  assert.doesNotMatch(lines.join(), /c-2/)
})

test('metrics are declared once, and a label outside its closed set is refused', () => {
  const registry = new Registry()
  const counter = registry.counter({
    name: 'id_things_total',
    help: 'Things.',
    labels: { result: ['done', 'refused'] },
  })
  counter.add({ result: 'done' })
  counter.add({ result: 'done' }, 2)
  assert.throws(() => counter.add({ result: 'acc_018f' as 'done' }), /knows no such value/)
  assert.throws(() => registry.gauge({ name: 'id_things_total', help: '', labels: {} }), /declared twice/)
  assert.match(
    registry.render({ service: 'test' }),
    /^# HELP id_things_total Things\.\n# TYPE id_things_total counter\nid_things_total\{service="test",result="done"\} 3$/m,
  )
})

test('a histogram counts into every bucket above, and its count is the last of them', () => {
  const registry = new Registry()
  const histogram = registry.histogram({ name: 'id_time_seconds', help: 'Time.', labels: {} })
  for (const value of [0.004, 0.3, 99]) histogram.observe({}, value)
  const text = registry.render()
  assert.match(text, /id_time_seconds_bucket\{le="0.005"\} 1/)
  assert.match(text, /id_time_seconds_bucket\{le="0.5"\} 2/)
  assert.match(
    text,
    /id_time_seconds_bucket\{le="\+Inf"\} 3\nid_time_seconds_sum 99.304\nid_time_seconds_count 3/,
  )
})
