export {
  createBreakers,
  resilienceFault,
  type Breaker,
  type BreakerOptions,
  type Breakers,
  type BreakerState,
  type BreakerStatus,
} from './breaker.ts'
export { boundedText, createBulkhead, createRetryBudget, withDeadline, type Bulkhead } from './deadline.ts'
export { forgetOldKeys, idempotencyKeyOf, onceByKey } from './idempotency.ts'
export { inTurn, type Guard } from './in-turn.ts'
export { isUntaken, NotTaken } from './untaken.ts'
