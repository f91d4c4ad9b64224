export { runAlone } from './alone.ts'
export { runCommand, UsageError } from './cli.ts'
export type { Command, CommandInput, Out } from './command.ts'
export {
  defineService,
  receive,
  type Assembled,
  type Atomically,
  type Kit,
  type QuietDoor,
  type Receives,
  type Service,
  type Tx,
} from './define.ts'
export { descriptionPath } from './description.ts'
export { timed, worst, type Check, type Component, type Status } from './health.ts'
export {
  erasureConfirmed,
  ErasureConfirmed,
  forgetPerson,
  personDataOf,
  personErased,
  type Sections,
} from './privacy.ts'
export { configOf, createKit, migrationsOf, runService, type Running, type RunOptions } from './run.ts'
export { table } from './table.ts'
export { cacheSettings, serviceSettings, type ServiceSettings, type World } from './settings.ts'
