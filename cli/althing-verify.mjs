#!/usr/bin/env node
// Checks a downloaded election bundle without any server: npx althing-verify bundle.json
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const node = [here('../node_modules/.bin/node')].find((path) => existsSync(path)) ?? process.execPath
const { status } = spawnSync(
  node,
  ['--disable-warning=ExperimentalWarning', here('../web/verifier/cli.ts'), ...process.argv.slice(2)],
  { stdio: 'inherit' },
)
process.exit(status ?? 1)
