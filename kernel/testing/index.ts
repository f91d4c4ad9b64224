/** What tests own instead of the world: a database of their own, time, chance, and the moment a race begins. */
export { appCheckAttester, turnstileAttester, type Behaviour, type TurnstileAttester } from './attesters.ts'
export { createTestChance, seedOfThisRun, type TestChance } from './chance.ts'
export { createTestClock, days, hours, minutes, seconds, type TestClock } from './clock.ts'
export { testDatabase, type TestDatabase, type TestDatabaseOptions } from './database.ts'
export { median, processorMs } from './effort.ts'
export { createBarrier, race, type Raced } from './race.ts'
export {
  awsKmsStandIn,
  awsStandInKeys,
  gcpKmsStandIn,
  vaultStandIn,
  vaultStandInToken,
  type KeyStandIn,
} from './key-services.ts'
export { testServer } from './server.ts'
export { until, untilBlocked } from './until.ts'
