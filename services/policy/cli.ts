import { runCommand } from '@althing/kernel/service'
import { policyCommands } from './cli-policies.ts'
import { versionCommands } from './cli-versions.ts'
import { policy } from './service.ts'

process.exitCode = await runCommand(
  policy,
  [...policyCommands, ...versionCommands],
  process.argv.slice(2),
  process.env,
)
