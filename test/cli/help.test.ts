import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Command, commandsOf } from '../../src/cli/command.ts'
import { ABOUT_ALL, ABOUT_COMMANDS, commandHelp, type HelpStyle, programHelp } from '../../src/cli/help.ts'
import { runProgram } from '../../src/cli/program.ts'
import { COMMANDS } from '../../src/command/table.ts'
import { golden } from '../view/golden.ts'
import { testHost } from './support.ts'

const root = join(import.meta.dirname, '../..')

const groups = await Promise.all(
  COMMANDS.map(async ({ title, commands }) => ({
    title,
    commands: await Promise.all(Object.values(commands).map((load) => load())),
  })),
)
const commands = groups.flatMap((group) => group.commands)

const styleOf = (columns: number, wrapAt = Infinity): HelpStyle => ({
  columns,
  wrapAt,
  documentation: (path) => `file:///flotilla/${path}`,
})

test('the help of the program is as recorded', () =>
  golden(import.meta.dirname, 'help.txt', programHelp(groups, styleOf(80))))

for (const command of commands) {
  test(`the help of ${command.name} is as recorded`, () => {
    golden(import.meta.dirname, `help-${command.name}.txt`, commandHelp(command, styleOf(80)))
  })
}

test('help fits the terminal, but for words that do not, and for commands to copy', () => {
  const examples = new Set(commands.flatMap((each) => each.examples.map(({ command }) => command)))
  for (const columns of [30, 50, 60, 80, 120]) {
    const lines = [
      programHelp(groups, styleOf(columns, columns)),
      ...commands.map((each) => commandHelp(each, styleOf(columns, columns))),
    ]
      .join('')
      .split('\n')
    const isOneWord = (line: string) => !line.trim().includes(' ')
    const long = lines.filter((line) => line.length > columns && !examples.has(line.trim()) && !isOneWord(line))
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

/** The heading's words as the anchor that renderers of Markdown make of them. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-')

test('help leads to a document, and to a section that is there', () => {
  for (const path of [ABOUT_ALL, ...commands.map(({ documentation = ABOUT_COMMANDS }) => documentation)]) {
    const [file = '', anchor] = path.split('#')
    const text = readFileSync(join(root, file), 'utf8')
    const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading))
    assert.ok(anchor === undefined || anchors.includes(anchor), path)
  }
})

/** The commands of flotilla in a command line of a shell. Quotes hold words together. */
function callsIn(line: string): string[][] {
  const calls = line.split(/[|;)>]|&&/).flatMap((part) => /\bflotilla (.*)/.exec(part)?.[1] ?? [])
  return calls.map((call) =>
    (call.match(/(?:"[^"]*"|'[^']*'|[^\s"'>])+/g) ?? []).map((word) => word.replace(/["']/g, '')),
  )
}

test('the command lines of every example are understood', async () => {
  for (const { name, examples } of commands) {
    const asked: string[] = []
    const record = (own: Command) => ({ ...own, run: async () => Number(asked.push(own.name) < 1) })
    const table = Object.fromEntries(commands.map((own) => [own.name, async () => record(own)]))
    for (const { command } of examples) {
      for (const argv of callsIn(command)) {
        const host = testHost(argv)
        assert.is(await runProgram(host.host, [{ title: '', commands: table }]), 0, `${command}\n${host.err()}`)
      }
    }
    assert.ok(asked.includes(name), name)
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
