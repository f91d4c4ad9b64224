import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCommand } from './cli.ts'
import { mostWords, type Command } from './command.ts'
import { defineService } from './define.ts'

const nothing = defineService({
  name: 'nothing',
  world: 'person',
  config: {},
  migrations: null,
  assemble: () => ({ routes: [] }),
})

test('a usage says how many words a command takes', () => {
  const usages: [usage: string | undefined, most: number][] = [
    [undefined, 0],
    ['<id or e-mail>', 1],
    ['[name]', 1],
    ['<id> <name> <metadata.json>', 3],
    ['<file.csv> [--commit]', 1],
    ['<id> --key-file <file>', 1],
    ['<file.json> [--key-file <new file>]', 1],
    ['<id or e-mail> <role …>', Infinity],
    ['<id> [reason …]', Infinity],
  ]
  for (const [usage, most] of usages) assert.equal(mostWords(usage), most, usage)
})

test('a word too many is refused before anything is opened or done, and the answer says how it is called', async (story) => {
  const told: string[] = []
  story.mock.method(console, 'error', (text: string) => void told.push(text))
  let ran = 0
  const show: Command = {
    noun: 'things',
    verb: 'show',
    usage: '<id>',
    summary: 'Shows one.',
    async run() {
      ran += 1
    },
  }
  // No database is named: whoever came so far would fail for that.
  assert.equal(await runCommand(nothing, [show], ['things', 'show', 'one', 'two'], {}), 1)
  assert.match(told.join('\n'), /“two” is a word too many.*althing things show <id>/)
  for (const words of [
    ['db', 'migrate', 'now'],
    ['audit', 'verify', 'all'],
    ['limits', 'show', 'sign-in', 'ada'],
    ['jobs', 'list', 'failed'],
    ['breakers', 'reset', 'mail', 'sms'],
  ])
    assert.equal(await runCommand(nothing, [], words, {}), 1, words.join(' '))
  assert.match(told.join('\n'), /“sms”/)
  assert.equal(ran, 0)
})

test('options are refused in our own words: one that there is not names the nearest, one without its value asks for it', async (story) => {
  const told: string[] = []
  story.mock.method(console, 'error', (text: string) => void told.push(text))
  let ran = 0
  const list: Command = {
    noun: 'things',
    verb: 'list',
    summary: 'Shows all.',
    options: { limit: { type: 'string' }, all: { type: 'boolean' } },
    async run() {
      ran += 1
    },
  }
  const refused: readonly (readonly [argv: string[], words: RegExp])[] = [
    [
      ['--limt', '5'],
      /There is no option --limt\.\nDid you mean --limit\?\nThere are: --limit, --all, --json, --help\./,
    ],
    [['--nonsense'], /There is no option --nonsense\.\nThere are/],
    [['-x'], /There is no option -x/],
    [['--limit'], /--limit needs a value: --limit <value>/],
    [['--limit', '--all'], /--limit needs a value/],
    [['--limit', '-5'], /--limit needs a value/],
    [['--all=yes'], /--all takes no value/],
    [['--json=1'], /--json takes no value/],
    [['--__proto__'], /There is no option/],
  ]
  for (const [argv, words] of refused) {
    told.length = 0
    assert.equal(await runCommand(nothing, [list], ['things', 'list', ...argv], {}), 1, argv.join(' '))
    assert.match(told.join('\n'), words, argv.join(' '))
    assert.doesNotMatch(told.join('\n'), /ERR_|parseArgs|TypeError|node:/)
  }
  assert.equal(ran, 0)
})
