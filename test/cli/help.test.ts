import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { commandsOf } from '../../src/cli/command.ts'
import { commandHelp, programHelp } from '../../src/cli/help.ts'
import { COMMANDS } from '../../src/command/table.ts'
import { golden } from '../view/golden.ts'

const groups = await Promise.all(
  COMMANDS.map(async ({ title, commands }) => ({
    title,
    commands: await Promise.all(Object.values(commands).map((load) => load())),
  })),
)
const commands = groups.flatMap((group) => group.commands)

test('the help of the program is as recorded', () => golden(import.meta.dirname, 'help.txt', programHelp(groups, 80)))

for (const command of commands) {
  test(`the help of ${command.name} is as recorded`, () => {
    golden(import.meta.dirname, `help-${command.name}.txt`, commandHelp(command, 80))
  })
}

test('help fits the terminal, but for words that do not', () => {
  for (const columns of [60, 80, 120]) {
    const lines = [programHelp(groups, columns), ...commands.map((each) => commandHelp(each, columns))]
      .join('')
      .split('\n')
    const isOneWord = (line: string) => !line.trim().includes(' ')
    const long = lines.filter((line) => line.length > columns && !line.includes('flotilla') && !isOneWord(line))
    assert.equal(long, [], `at ${columns} columns`)
  }
})

test('every command is under its own name, explains every flag and shows an example that names it', () => {
  assert.equal(
    commands.map(({ name }) => name),
    Object.keys(commandsOf(COMMANDS)),
  )
  for (const { name, flags, examples } of commands) {
    for (const [flag, { description }] of Object.entries(flags)) assert.ok(description.length > 5, `${name} --${flag}`)
    assert.ok(examples.length > 0 && examples.every(({ command }) => command.includes(` ${name}`)), name)
  }
})

test('no two flags of a command share a letter or a name', () => {
  for (const { name, flags } of commands) {
    const letters = Object.values(flags).flatMap(({ short }) => (short ? [short] : []))
    assert.equal(letters.length, new Set(letters).size, name)
    const names = Object.entries(flags).flatMap(([flag, { aliases = [] }]) => [flag, ...aliases])
    assert.equal(names.length, new Set(names).size, name)
  }
})

test.run()
