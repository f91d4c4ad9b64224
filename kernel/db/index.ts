/**
 * PostgreSQL: a pool, transactions, forward migrations, and facts to other services by outbox.
 * The embedded server is not here but in `embedded.ts`: only `run/`, `tools/` and the tests start one.
 */
export {
  openDatabase,
  type Database,
  type DatabaseOptions,
  type DatabaseStats,
  type Db,
  type Row,
  type TransactionOptions,
} from './database.ts'
export { DatabaseError, isRetryable, isUniqueViolation, type DatabaseErrorKind } from './errors.ts'
export { migrate, readMigrations, type Migration, type MigrationFolder } from './migrate.ts'
export { sweepRows } from './sweep.ts'
export { applyOnce, createOutbox, forgetApplied, outboxMigrations, type Message } from './outbox.ts'
export {
  createDispatcher,
  outboxDepth,
  deadMessages,
  dropDead,
  reviveDead,
  unheardMessages,
  type DispatchEvent,
  type DispatcherOptions,
  type OutboxDepth,
} from './dispatcher.ts'
