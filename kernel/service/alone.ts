/** One service as a process of its own: from environment variables, until a signal asks it to stop. */
import { ConfigError, type Environment } from '../config/index.ts'
import type { Service } from './define.ts'
import { runService } from './run.ts'

/** Ends the process with 78 (EX_CONFIG) when the settings are wrong, so that a supervisor does not try again at once. */
export async function runAlone(service: Service, env: Environment): Promise<void> {
  try {
    const running = await runService(service, { env })
    const stop = () => void running.close().then(() => process.exit(0))
    process.once('SIGTERM', stop)
    process.once('SIGINT', stop)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    process.exit(78)
  }
}
