export { runAlone } from './alone.ts'
export { runCommand } from './cli.ts'
export {
  NothingFound,
  Unreachable,
  UsageError,
  type Command,
  type CommandInput,
  type Out,
} from './command.ts'
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
export { namesOf, showLimits } from './kernel-commands.ts'
export { descriptionPath } from './description.ts'
export { timed, worst, type Check, type Component, type Status } from './health.ts'
export {
  erasureConfirmed,
  ErasureConfirmed,
  forgetPerson,
  isAboutErased,
  personDataOf,
  personErased,
  type Sections,
} from './privacy.ts'
export { configOf, createKit, migrationsOf, runService, type Running, type RunOptions } from './run.ts'
export { table } from './table.ts'
export { textIn } from './text-in.ts'
export { cacheSettings, serviceSettings, type ServiceSettings, type World } from './settings.ts'
