import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { commandsIn, flagsIn, judged, listed } from '../../scripts/compare-commands.mjs'

const COMPOSE = `
Usage:  docker compose x [OPTIONS]

Options:
  -a, --all                  Show all, as
                             --everything does
      --dry-run              Execute in dry run mode
      --filter string        Filter (like
                             --status list)
  -q, --quiet                Only ids
`
const OURS = `
Flags:
  -a, --all               Include
      --[no-]orphans      Include too
      --scale SERVICE=N   How many
  -T, --no-tty            As --tty=false
`

test('flags are read from the help of either tool, continued lines left out', () => {
  const short = (help: string) =>
    [...flagsIn(help)].map(([name, { letter = '', hasValue }]) => `${letter} ${name}${hasValue ? '=' : ''}`)
  assert.equal(short(COMPOSE), ['a all', ' dry-run', ' filter=', 'q quiet'])
  assert.equal(short(OURS), ['a all', ' orphans', ' scale=', 'T no-tty'])
})

test('commands are read from all lists of a help', () => {
  const help = 'Management Commands:\n  bridge      Convert\n\nCommands:\n  up          Create\n\nRun it.\n'
  assert.equal(commandsIn(help), ['bridge', 'up'])
})

const TABLE =
  '\n## Commands and flags that differ\n\n| command | flag | x | y |\n|---|---|---|---|\n| `up` | `--yes` | a | b |\n| `watch` | | c | |\n\n## Next\n| `ps` | | | |\n'

test('a difference without a row and a row without a difference are found', () => {
  assert.equal(listed(TABLE), [
    { command: 'up', flag: 'yes' },
    { command: 'watch', flag: '' },
  ])
  const found = [
    { command: 'up', flag: 'yes', what: 'missing' },
    { command: 'ps', flag: '', what: 'missing' },
  ]
  assert.equal(judged(found, TABLE), { unlisted: [found[1]], idle: [{ command: 'watch', flag: '' }] })
})

test.run()
