import { runCommand } from '@althing/kernel/service'
import { decisionCommands } from './cli-decisions.ts'
import { engineCommands } from './cli-engines.ts'
import { explainCommands } from './cli-explain.ts'
import { overrideCommands } from './cli-overrides.ts'
import { policyCommands } from './cli-policies.ts'
import { versionCommands } from './cli-versions.ts'
import { policy } from './service.ts'

process.exitCode = await runCommand(
  policy,
  [
    ...policyCommands,
    ...versionCommands,
    ...explainCommands,
    ...decisionCommands,
    ...engineCommands,
    ...overrideCommands,
  ],
  process.argv.slice(2),
  process.env,
)
