export { createLog, describe, redact, silentLog, type Log, type LogOptions } from './log.ts'
export { Registry, type Counter, type Gauge, type Histogram, type Labels } from './metrics.ts'
export { createTraces, noTraces, type Traces } from './traces.ts'
